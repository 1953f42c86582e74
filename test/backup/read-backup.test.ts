/** Backups that claim to be what they are not: nothing of them is held in memory before that is known. */
import { expect, it } from 'vitest';
import { packed } from '../../src/backup/archive.js';
import { readBackup, snapshotOf } from '../../src/backup/read-backup.js';

const sha256 = '0'.repeat(64);

function manifest(files: Readonly<Record<string, number>>): string {
  const sums = Object.entries(files).map(([name, sizeBytes]) => [name, { sizeBytes, sha256 }]);
  return JSON.stringify({
    v: 1,
    madeAt: '2026-11-28T03:00:00.000Z',
    madeBy: '1.0.0',
    fleet: { name: 'demo', id: 'f-1', region: 'eu-west-1', account: '111122223333', parent: 'demo-parent' },
    karmada: null,
    etcd: { version: '3.6.6', revision: 1, sizeBytes: 10, sha256 },
    counts: null,
    files: Object.fromEntries(sums),
  });
}

/** How many bytes of the file are read before it is refused. */
async function refused(entries: Readonly<Record<string, string>>, why: string): Promise<number> {
  const all = Object.entries(entries).map(([name, text]) => {
    const bytes = (async function* () {
      yield Buffer.from(text);
    })();
    return { name, sizeBytes: Buffer.byteLength(text), bytes };
  });
  let sent = 0;
  const files = {
    size: async () => 1_000,
    readStream: async function* () {
      for await (const piece of packed(all, 0)) {
        sent += piece.length;
        yield piece;
      }
    },
  };
  const problem = { code: 'backup-unreadable', why: expect.stringContaining(why) };
  await expect(readBackup(files, '/b/demo.tar')).rejects.toMatchObject(problem);
  return sent;
}

const bomb = 'x'.repeat(20_000_000);

it.each([
  ['is not in the manifest', { 'fleet.json': 10 }, 'more.json', 'more.json is not in its manifest'],
  ['has a name of every object', { 'fleet.json': 10 }, 'constructor', 'constructor is not in its manifest'],
  ['is larger than the manifest says', { 'fleet.json': 10 }, 'fleet.json', 'fleet.json has another size'],
  ['is etcd’s, and larger than the manifest says', { 'etcd.db': 10 }, 'etcd.db', 'etcd.db has another size'],
])('a file that %s is not read', async (_, files, name, why) => {
  expect(await refused({ 'manifest.json': manifest(files), [name]: bomb }, why)).toBeLessThan(bomb.length);
});

it('texts of more than 512 MiB in all are not read', async () => {
  const large = { 'fleet.json': 300 * 2 ** 20, 'secrets.json': 300 * 2 ** 20, 'etcd.db': 8 * 2 ** 30 };
  await refused({ 'manifest.json': manifest(large), 'fleet.json': bomb }, 'more than 512 MiB');
});

it('etcd’s data that is larger than the manifest says is not restored', async () => {
  const text = { 'manifest.json': manifest({ 'etcd.db': 10 }), 'etcd.db': 'x'.repeat(20) };
  const all = Object.entries(text).map(([name, each]) => ({
    name,
    sizeBytes: each.length,
    bytes: (async function* () {
      yield Buffer.from(each);
    })(),
  }));
  const files = { size: async () => 1_000, readStream: () => packed(all, 0) };
  const read = async (): Promise<void> => {
    for await (const _ of snapshotOf(files, '/b/demo.tar')) expect.unreachable('a byte came out');
  };
  await expect(read()).rejects.toMatchObject({ why: expect.stringContaining('etcd.db has another size') });
});
