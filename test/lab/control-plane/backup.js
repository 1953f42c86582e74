/** Karmada is backed up from a running etcd, and what the backup holds is compared with what etcd lists. */
import { execFileSync } from 'node:child_process';
import { createReadStream, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { extract } from 'tar-stream';
import { inNamespace } from './parts.js';

const program = fileURLToPath(new URL('../../../bin/karmada-eks.js', import.meta.url));

export async function backup(plane) {
  const { step, cli, expect, env } = plane;
  let path = '';
  await step('a backup of Karmada', async () => {
    const began = Date.now();
    const { stdout } = await cli(['backup']);
    [, path] = /: (\/\S+\.tar) \(/.exec(stdout) ?? [];
    expect(path !== undefined, stdout);
    expect((statSync(path).mode & 0o777) === 0o600, `its mode is ${statSync(path).mode.toString(8)}`);
    return `${stdout.trim().replace(path, 'FILE')}, in ${((Date.now() - began) / 1000).toFixed(1)} s`;
  });
  await step('it matches its checksums, and is listed', async () => {
    // It is about a file, not about a fleet.
    const verified = execFileSync(process.execPath, [program, 'backup', 'verify', path], { env, encoding: 'utf8' });
    expect(verified.includes(`${path} matches its checksums`), verified);
    const { stdout } = await cli(['backup', 'list', '-o', 'json']);
    const [first] = JSON.parse(stdout);
    expect(first.path === path && first.manifest.counts.clusters > 0, stdout);
  });
  await step('it has the keys that etcd has', async () => {
    const { readEtcdFile } = await import('../../../dist/backup/etcd/etcd-file.js');
    const entries = await entriesOf(path);
    const found = readEtcdFile(entries.get('etcd.db'));
    expect(found !== undefined, 'its snapshot cannot be read');
    const listed = await inNamespace(plane, [
      'exec',
      'etcd-0',
      '--',
      '/usr/local/bin/etcdctl',
      'get',
      '',
      '--prefix',
      '--keys-only',
    ]);
    const keys = new Set(listed.split('\n').filter((line) => line !== ''));
    const lasting = found.keys.filter(({ leased }) => !leased);
    const gone = lasting.filter(({ key }) => !keys.has(key));
    expect(lasting.length > 200 && gone.length === 0, `not in etcd: ${gone.map(({ key }) => key).join(', ')}`);
    const { data } = JSON.parse(entries.get('secrets.json'))['karmada-cert'];
    expect(
      ['ca.key', 'karmada.key'].every((each) => each in data),
      'it has no keys of Karmada',
    );
    return `${found.keys.length} keys of ${keys.size} that are there now, revision ${found.revision}`;
  });
}

/** @returns {Promise<Map<string, Buffer>>} the entries of a tar, by their names */
async function entriesOf(path) {
  const found = new Map();
  for await (const entry of createReadStream(path).pipe(extract())) {
    const pieces = [];
    for await (const piece of entry) pieces.push(piece);
    found.set(entry.header.name, Buffer.concat(pieces));
  }
  return found;
}
