/** `backup`: all that Karmada knows, in one file that is compared before it is called a backup. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { packed, unpacked } from '../../src/backup/archive.js';
import { type Manifest, manifestSchema } from '../../src/backup/manifest.js';
import { readBackup, snapshotOf } from '../../src/backup/read-backup.js';
import type { Account } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import { realFiles } from '../../src/world/real/disk/files.js';
import { passAll, upTo } from './cases.js';
import { cli, type RunOptions } from './cli.js';
import { fleetFolder, fleetId, succeed } from './fleet.js';
import { smallFleet } from './small-fleet.js';
import { runWithFiles } from './with-files.js';

const fleet = smallFleet();
const folder = `${fleetFolder}/backups`;

function backupsOf({ state }: Account): readonly string[] {
  return Object.keys(state.files).filter((path) => path.includes('/backups/'));
}

async function refused(account: Account, words: string, options?: RunOptions): Promise<string> {
  const before = backupsOf(account).map((path) => [path, account.state.files[path]]);
  const { code, stderr } = await cli(account, words, options);
  expect(code).toBeGreaterThan(0);
  expect(backupsOf(account).map((path) => [path, account.state.files[path]])).toEqual(before);
  return stderr;
}

it('saves etcd, the Secrets and the description of the fleet, and tells what it holds', async () => {
  const account = fleet();
  const { stdout, stderr, calls } = await succeed(account, 'backup');
  expect(stderr).toContain('meanwhile every process on this machine can read and change Karmada');
  const [path = '', ...others] = backupsOf(account);
  expect(others).toEqual([]);
  expect(path).toMatch(new RegExp(`^${folder}/karmada-2026\\d{4}T\\d{6}Z\\.tar$`));
  expect(stdout).toMatch(
    new RegExp(
      `^backup of Karmada 1\\.18\\.2: ${path} \\(\\d+ KiB, 2 members, 0 policies, \\d+ works, revision \\d+, SHA-256 \\w{64}\\)$`,
      'm',
    ),
  );
  const { files } = connect(account).world;
  const whole = createHash('sha256');
  for await (const piece of files.readStream(path)) whole.update(piece);
  expect(stdout).toContain(`SHA-256 ${whole.digest('hex')})`);
  const { manifest, fleet: description, secrets, inventory } = await readBackup(files, path);
  expect(manifest).toMatchObject({
    v: 1,
    fleet: {
      name: 'karmada',
      id: fleetId(account),
      region: 'us-west-2',
      account: '111122223333',
      parent: 'karmada-parent',
    },
    karmada: '1.18.2',
    etcd: { version: '3.6.6' },
    counts: { clusters: 2 },
  });
  expect(JSON.parse(description.data['fleet.json'] ?? '')).toMatchObject({ fleet: 'karmada' });
  expect(Buffer.from(secrets['karmada-cert']?.data['ca.key'] ?? '', 'base64').toString()).toContain('PRIVATE KEY');
  expect(Object.keys(secrets)).toContain('etcd-cert');
  expect(inventory?.clusters).toEqual([
    { name: 'one', mode: 'Push' },
    { name: 'two', mode: 'Pull' },
  ]);
  const sum = createHash('sha256');
  for await (const piece of snapshotOf(files, path)) sum.update(piece);
  expect(sum.digest('hex')).toBe(manifest.etcd.sha256);
  // Of the three members the last one is asked, which does not lead.
  const forwards = calls.filter(({ key }) => key.startsWith('exec kubectl port-forward')).map(({ key }) => key);
  expect(forwards).toEqual(['exec kubectl port-forward pod/etcd-2 :2379 karmada-parent']);
});

it('lists backups, whole and not, and verifies them', async () => {
  const account = fleet();
  expect((await succeed(account, 'backup list')).stdout).toContain(`no backups of fleet karmada in ${folder}`);
  await succeed(account, 'backup');
  const [path = ''] = backupsOf(account);
  account.state.files[`${folder}/other.tar`] = 'something else';
  const { stdout } = await succeed(account, 'backup list');
  expect(stdout).toContain('other.tar');
  expect(stdout).toContain('cannot be used');
  expect(JSON.parse((await succeed(account, 'backup list -o json')).stdout)).toMatchObject([
    { path, manifest: { v: 1 } },
    { path: `${folder}/other.tar`, why: expect.stringContaining('not a backup') },
  ]);
  const elsewhere = await succeed(account, 'backup list --fleet other --region eu-west-1');
  expect(elsewhere.stdout).toContain('no backups of fleet other in ');
  const verified = await succeed(account, `backup verify ${path}`);
  expect(verified.stdout).toContain(
    `${path} matches its checksums: fleet karmada in us-west-2 (account 111122223333), taken 2026-`,
  );
});

it.each([
  ['truncated', (text: string) => text.slice(0, text.length / 2)],
  ['altered', (text: string) => text.replace('karmada-cert', 'karmada-cerT')],
  ['altered in etcd’s data', (text: string) => text.replace('"syncMode":"Push"', '"syncMode":"Pull"')],
  ['of a newer version', (text: string) => text.replace('{"v":1,', '{"v":2,')],
  ['empty', () => ''],
  ['foreign', () => 'a picture of a cat'.repeat(1000)],
])('refuses a file that is %s', async (_, spoil) => {
  const account = fleet();
  await succeed(account, 'backup');
  const [path = ''] = backupsOf(account);
  account.state.files[path] = spoil(account.state.files[path] ?? '');
  const stderr = await refused(account, `backup verify ${path}`);
  expect(stderr).toContain(`${path} cannot be used`);
  expect(stderr).toContain('backup-unreadable');
});

it('says what is wrong with it', async () => {
  const account = fleet();
  expect(await refused(account, 'backup verify /none.tar')).toContain('there is no such file');
  await succeed(account, 'backup --to /home/you/a.tar');
  const { files } = account.state;
  files['/b.tar'] = (files['/home/you/a.tar'] ?? '').replace('{"v":1,', '{"v":2,');
  expect(await refused(account, 'backup verify /b.tar')).toContain('expected version 1, got 2');
  files['/c.tar'] = (files['/home/you/a.tar'] ?? '').replace('"syncMode":"Push"', '"syncMode":"Pull"');
  expect(await refused(account, 'backup verify /c.tar')).toContain('it is damaged (etcd.db has another SHA-256)');
});

it('replaces nothing, and writes where it is told to', async () => {
  const account = fleet();
  account.state.files['/home/you/mine.tar'] = 'mine';
  expect(await refused(account, 'backup --to /home/you/mine.tar')).toContain(
    'already exists; a backup never overwrites a file',
  );
  expect(account.state.files['/home/you/mine.tar']).toBe('mine');
  await succeed(account, 'backup --to /home/you/new.tar');
  await succeed(account, 'backup verify /home/you/new.tar');
});

it('replaces nothing that is created while it runs', async () => {
  const account = fleet();
  const { files } = account.state;
  const { code, stderr } = await runWithFiles(account, 'backup --to /home/you/a.tar', {
    killAt: ({ operation, path }) => {
      if (operation === 'moveIfFree') files[path] = 'my thesis';
      return false;
    },
  });
  expect(code).toBe(4);
  expect(stderr).toContain('/home/you/a.tar was created by something else during the backup, and is not replaced');
  expect(Object.entries(files).filter(([path]) => path.startsWith('/home/you/a.'))).toEqual([
    ['/home/you/a.tar', 'my thesis'],
  ]);
});

it('deletes older backups of this fleet alone, and none that somebody named, once that is agreed to', async () => {
  const account = fleet();
  const { files } = account.state;
  await succeed(account, 'backup');
  const [oldest = ''] = backupsOf(account);
  files[`${folder}/foreign.tar`] = (files[oldest] ?? '').replaceAll(
    fleetId(account),
    '0'.repeat(fleetId(account).length),
  );
  files[`${folder}/notes.tar`] = 'mine';
  await account.clock.sleep(60_000);
  await succeed(account, 'backup');
  await account.clock.sleep(60_000);
  files[`${folder}/before-migration.tar`] = files[oldest] ?? '';
  expect(await refused(account, 'backup --keep 2')).toContain('--yes');
  const { stdout } = await succeed(account, 'backup --keep 2 --yes');
  expect(stdout).toMatch(new RegExp(`^TO BE DELETED AFTER THE BACKUP\n.*\n${oldest} +2026-\\S+ +\\d+ KiB$`, 'm'));
  expect(stdout).toContain(`deleted older backup ${oldest}\n`);
  expect(stdout.match(/deleted older/g)).toHaveLength(1);
  expect(backupsOf(account)).toHaveLength(5);
  expect(files[oldest]).toBeUndefined();
  expect(files[`${folder}/foreign.tar`]).toBeDefined();
});

it.each([
  [
    'the snapshot breaks off',
    { call: 'http POST /v3/maintenance/snapshot', kind: 'fail' },
    'etcd did not answer (maintenance/snapshot)',
  ],
  ['half of it comes', { call: 'http POST /v3/maintenance/snapshot', kind: 'die-half-way' }, 'ended early'],
  [
    'something else comes',
    { call: 'http POST /v3/maintenance/snapshot', kind: 'garbage' },
    'etcd answered in an unexpected form',
  ],
  ['the port cannot be forwarded', { call: 'exec kubectl port-forward *', kind: 'fail' }, 'kubectl port-forward'],
  ['the disk is full', { call: 'file write *.tar.part', kind: 'fail' }, 'the disk is full'],
  ['the disk is full of the snapshot', { call: 'file write *.db.part', kind: 'fail' }, 'the disk is full'],
  [
    'there is no permission',
    { call: 'file write *.tar.part', kind: 'fail', message: 'EACCES: permission denied' },
    'check the permissions',
  ],
  [
    'the file is not what was written',
    { call: 'file write *.tar.part', kind: 'no-effect', skip: 1 },
    'does not match what was written',
  ],
] as const)('leaves no file behind when %s', async (_, fault, shown) => {
  const account = fleet();
  expect(await refused(account, 'backup', { faults: [fault] })).toContain(shown);
});

it('leaves only halves when it is killed, which the next backup deletes', { timeout: 300_000 }, async () => {
  const { events } = await succeed(fleet(), 'backup');
  await passAll('backup killed at event', events.length, upTo(events.length), async (killAt) => {
    const account = fleet();
    expect((await cli(account, 'backup', { killAt })).code).toBe('killed');
    for (const path of backupsOf(account).filter((each) => !each.endsWith('.tar'))) expect(path).toMatch(/\.part$/);
    await account.clock.sleep(60_000);
    await succeed(account, 'backup');
    expect(backupsOf(account).filter((path) => path.endsWith('.part'))).toEqual([]);
  });
});

it('shows nothing of the Secrets', async () => {
  const account = fleet();
  const { stdout, stderr } = await succeed(account, 'backup');
  const { files } = account.state;
  const [path = ''] = backupsOf(account);
  const { secrets } = await readBackup(connect(account).world.files, path);
  const key = secrets['karmada-cert']?.data['ca.key'] ?? expect.unreachable('no key');
  const inner = Buffer.from(key, 'base64').toString().split('\n')[1] ?? '';
  const told = Object.entries(files).filter(([file]) => /\/logs\/|\.jsonl$/.test(file));
  expect(told.length).toBeGreaterThan(1);
  for (const [file, text] of [...told, ['stdout', stdout], ['stderr', stderr]] as const) {
    expect(text.includes(key), file).toBe(false);
    expect(text.includes(inner), file).toBe(false);
  }
});

it('deletes nobody’s halves but its own in a folder of the user', async () => {
  const account = fleet();
  const others = ['distro.Xa1.tar.part', 'other-20261128T030000Z.tar.db.part', 'karmada-notes.tar.part'];
  const own = [
    'mine.tar.part',
    'mine.tar.db.part',
    'karmada-20261128T030000Z.tar.db.part',
    'karmada-before-restore-20261128T030000Z.tar.part',
  ];
  for (const name of [...others, ...own]) account.state.files[`/home/you/dl/${name}`] = 'x';
  await succeed(account, 'backup --to /home/you/dl/mine.tar');
  const left = Object.keys(account.state.files).filter((path) => path.startsWith('/home/you/dl/'));
  expect(left.sort()).toEqual([...others, 'mine.tar'].map((name) => `/home/you/dl/${name}`).sort());
});

it('refuses what has the right sums and not all that a backup needs', async () => {
  const account = fleet();
  await succeed(account, 'backup --to /home/you/a.tar');
  const { files } = connect(account).world;
  const entries = new Map<string, Buffer>();
  for await (const { name, bytes } of unpacked(files.readStream('/home/you/a.tar'), 'a')) {
    const pieces: Uint8Array[] = [];
    for await (const piece of bytes) pieces.push(piece);
    entries.set(name, Buffer.concat(pieces));
  }
  const manifest = manifestSchema.parse(JSON.parse(String(entries.get('manifest.json'))));
  const forged = async (change: Partial<Manifest>, without?: string): Promise<string> => {
    const texts = [...entries].map(([name, bytes]): readonly [string, Buffer] =>
      name === 'manifest.json' ? [name, Buffer.from(JSON.stringify({ ...manifest, ...change }))] : [name, bytes],
    );
    const kept = texts.filter(([name]) => name !== without);
    const archive = kept.map(([name, bytes]) => ({ name, sizeBytes: bytes.length, bytes: Readable.from([bytes]) }));
    await files.writeStream('/forged.tar', packed(archive, 0));
    return await refused(account, 'backup verify /forged.tar');
  };
  for (const name of ['etcd.db', 'secrets.json', 'fleet.json', 'inventory.json']) {
    const { [name]: _, ...others } = manifest.files;
    expect(await forged({ files: others }, name)).toContain(`it is damaged (${name} is missing)`);
  }
  const etcd = { ...manifest.etcd, sizeBytes: 1 };
  expect(await forged({ etcd })).toContain('two sizes of etcd’s data');
  entries.set('secrets.json', Buffer.from('{}'));
  const sum = { sizeBytes: 2, sha256: createHash('sha256').update('{}').digest('hex') };
  expect(await forged({ files: { ...manifest.files, 'secrets.json': sum } })).toContain('no keys of the CAs');
});

it('names a folder as one', async () => {
  await expect(readBackup(realFiles, '/')).rejects.toMatchObject({ code: 'backup-unreadable', why: 'it is a folder' });
});

it('tells of a port of etcd that a killed run has left open', async () => {
  const account = fleet();
  const note = `${fleetFolder}/kubeconfigs/karmada-parent.json.forwarded`;
  const { stderr: quiet } = await succeed(account, 'backup');
  expect(quiet).not.toContain('left etcd open');
  expect(account.state.files[note]).toBeUndefined();
  const listen = async (line: string): Promise<string> => {
    account.listeners.set(40_123, () => ({ status: 200, lines: [line] }));
    account.state.files[note] = '40123\n';
    await account.clock.sleep(60_000);
    return (await succeed(account, 'backup')).stderr;
  };
  expect(await listen('a web page')).not.toContain('left etcd open');
  expect(await listen('{"dbSize":"20480"}')).toContain(
    'warning: a run that was killed has left etcd open to this machine at 127.0.0.1:40123; to end its kubectl: kill $(lsof',
  );
  expect(account.state.files[note]).toBeUndefined();
});

it('deletes what a killed run left in another folder', async () => {
  const account = fleet();
  const { files } = account.state;
  files['/mnt/usb/a.tar.other.part'] = 'mine';
  for (const half of ['.db.part', '.part']) {
    const ended = await runWithFiles(account, 'backup --to /mnt/usb/a.tar', {
      killAt: ({ operation, path, done }) => done && operation === 'readStream' && path === `/mnt/usb/a.tar${half}`,
    });
    expect(ended.code).toBe('killed');
    expect(files[`/mnt/usb/a.tar${half}`]).toBeDefined();
    await account.clock.sleep(60_000);
    await succeed(account, 'backup');
    expect(Object.keys(files).filter((path) => path.startsWith('/mnt/'))).toEqual(['/mnt/usb/a.tar.other.part']);
  }
  expect(Object.keys(files).filter((path) => path.endsWith('backup-halves.json'))).toEqual([]);
});

it('leaves nothing when what goes into it cannot be read', async () => {
  const account = fleet();
  const fault = { call: 'exec kubectl get secrets*', kind: 'fail', times: -1 } as const;
  expect((await cli(account, 'backup --to /mnt/usb/a.tar', { faults: [fault] })).code).toBe(4);
  expect(Object.keys(account.state.files).filter((path) => /^\/mnt\/|backup-halves/.test(path))).toEqual([]);
});
