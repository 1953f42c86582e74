/** `down` backs Karmada up before it deletes anything of it. */
import { expect, it } from 'vitest';
import { readBackup } from '../../src/backup/read-backup.js';
import type { Account } from '../../src/rehearsal/account.js';
import { addBucket } from '../../src/rehearsal/aws/s3.js';
import { listObjects } from '../../src/rehearsal/kube/api-server/store.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import { resourceIds } from '../rehearsal/resources.js';
import { cli, isChange } from './cli.js';
import { down, fleetFolder, succeed } from './fleet.js';
import { smallFleet } from './small-fleet.js';
import { runWithFiles } from './with-files.js';

const fleet = smallFleet();

function backupsOf({ state }: Account): readonly string[] {
  return Object.keys(state.files).filter((path) => path.startsWith(`${fleetFolder}/backups/`));
}

it('keeps the backup when the fleet is gone, and tells where it is', async () => {
  const account = fleet();
  const { stdout, stderr, calls } = await succeed(account, down);
  const [path = ''] = backupsOf(account);
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^backup of Karmada 1\.18\.2: \S+\.tar \(\d+ KiB, 2 members, /);
  expect(stdout).toContain(path);
  expect(stderr).toContain(`Karmada is backed up first: ${path}`);
  const { manifest } = await readBackup(connect(account).world.files, path);
  expect(manifest.counts).toMatchObject({ clusters: 2 });
  // All of it comes before the first change, but for the lock.
  const keys = calls.map(({ key }) => key);
  const taken = keys.indexOf(`file move ${path}`);
  const changes = keys
    .slice(0, taken)
    .filter((key) => isChange(key) && !/Lease\/|port-forward|^file |^http /.test(key));
  expect(changes).toEqual([]);
  expect((await succeed(account, 'backup list --fleet karmada --region us-west-2')).stdout).toContain(path);
});

it('writes where it is told to, or nothing', async () => {
  const account = fleet();
  await succeed(account, `${down} --backup-to mine`);
  expect(backupsOf(account)).toEqual([]);
  const own = Object.keys(account.state.files).filter((file) => file.startsWith('/home/you/mine/'));
  expect(own).toEqual([expect.stringMatching(/\/karmada-\w+\.tar$/)]);
  await succeed(account, `backup verify ${own[0]}`);
  const other = fleet();
  const { stdout, stderr } = await succeed(other, `${down} --no-backup`);
  expect(backupsOf(other)).toEqual([]);
  expect(stdout).not.toContain('backup of Karmada');
  expect(stderr).toContain('warning: Karmada is not backed up (--no-backup)');
});

it('changes nothing when the backup fails', async () => {
  const account = fleet();
  const before = resourceIds(account);
  const fault = { call: 'http POST /v3/maintenance/snapshot', kind: 'die-half-way' } as const;
  const { code, stderr } = await cli(account, down, { faults: [fault] });
  expect(code).toBe(4);
  expect(stderr).toContain('ended early');
  expect(stderr).toContain('or go on without a backup: add --no-backup');
  expect(resourceIds(account)).toEqual(before);
  expect(JSON.parse((await succeed(account, 'status -o json')).stdout)).toMatchObject({ ready: true });
});

it('tells where the backup is even if a later step fails', async () => {
  const account = fleet();
  const fault = { call: 'exec kubectl-karmada deinit*', kind: 'fail', times: -1 } as const;
  const { code, stdout } = await cli(account, down, { faults: [fault] });
  expect(code).toBe(4);
  const [path = ''] = backupsOf(account);
  expect(stdout.trimEnd().split('\n').at(-1)).toContain(`backup of Karmada 1.18.2: ${path} (`);
});

/** Somebody deletes the volumes of etcd in EC2. */
async function silenced(account: Account): Promise<Account> {
  const here = account.state.regions['us-west-2'] ?? expect.unreachable('no region');
  const api = account.state.apis['eks/us-west-2/karmada-parent'] ?? expect.unreachable('no parent');
  const claims = listObjects(api, 'persistentvolumeclaims', 'karmada-system').map(({ spec }) => spec);
  const names = claims.map((spec) => (spec as { volumeName: string }).volumeName);
  const lost = listObjects(api, 'persistentvolumes')
    .filter(({ metadata }) => names.includes(metadata.name))
    .map(({ spec }) => (spec as { csi: { volumeHandle: string } }).csi.volumeHandle);
  here.volumes = here.volumes.filter(({ id }) => !lost.includes(id));
  await account.clock.sleep(60_000);
  return account;
}

it('refuses where etcd does not serve, until that is agreed to', async () => {
  const account = await silenced(fleet());
  const before = resourceIds(account);
  const { code, stderr } = await cli(account, down);
  expect(code).toBe(4);
  expect(stderr).toMatch(/etcd in karmada-parent has no quorum: none of its members is Ready[\s\S]*add --no-backup/);
  expect(resourceIds(account)).toEqual(before);
  await succeed(account, `${down} --no-backup`);
});

/** kill -9 once the backup is noted, before anything is deleted. */
async function killedDown(account: Account, words = down): Promise<Account> {
  const ended = await runWithFiles(account, words, {
    killAt: ({ operation, path, done }) => done && operation === 'write' && path.endsWith('/backup-taken.json'),
  });
  expect(ended.code).toBe('killed');
  return await silenced(account);
}

it('takes the backup of a run that has died for a Karmada that it had begun to delete', async () => {
  const account = await killedDown(fleet());
  const [path = ''] = backupsOf(account);
  const { stdout, stderr } = await succeed(account, down);
  expect(stderr).toContain(`Karmada was backed up before: ${path}`);
  expect(stdout).toContain(`backup of Karmada 1.18.2: ${path} (`);
  expect(backupsOf(account)).toEqual([path]);
  expect(Object.keys(account.state.files).filter((each) => each.endsWith('backup-taken.json'))).toEqual([]);
});

it('takes one from S3 for it, too', async () => {
  const account = fleet();
  const { objects } = addBucket(account.state, 'safe', { region: 'eu-west-1' });
  const words = `${down} --backup-to s3://safe/karmada`;
  await killedDown(account, words);
  const [key] = Object.keys(objects);
  const { stderr } = await succeed(account, words);
  expect(stderr).toContain(`Karmada was backed up before: s3://safe/${key}`);
  expect(Object.keys(objects)).toEqual([key]);
});

it.each([
  ['an old one', (account: Account) => account.clock.sleep(3_600_000)],
  [
    'one that is not as it was',
    async ({ state: { files } }: Account) => {
      const [path = ''] = Object.keys(files).filter((each) => each.endsWith('.tar'));
      files[path] = `${files[path]}x`;
    },
  ],
  [
    'one of the future',
    async ({ state: { files } }: Account) => {
      const [note = ''] = Object.keys(files).filter((each) => each.endsWith('backup-taken.json'));
      files[note] = (files[note] ?? '').replace(/"madeAt":\d/, '"madeAt":9');
    },
  ],
  [
    'one that no run has noted',
    async ({ state: { files } }: Account) => {
      for (const each of Object.keys(files)) if (each.endsWith('backup-taken.json')) delete files[each];
    },
  ],
])('takes no other one for it: %s', async (_, change) => {
  const account = await killedDown(fleet());
  await change(account);
  const { code, stderr } = await cli(account, down);
  expect(code).toBe(4);
  expect(stderr).toContain('add --no-backup');
});

/** Objects of the parent whose keys match are deleted. */
function without(account: Account, keys: RegExp): Account {
  const { objects } = account.state.apis['eks/us-west-2/karmada-parent'] ?? expect.unreachable('no parent');
  for (const key of Object.keys(objects)) if (keys.test(key)) delete objects[key];
  return account;
}

it('refuses where etcd is gone and its volumes remain, and says when there is nothing to back up', async () => {
  const account = without(fleet(), /^(statefulsets|pods)\/karmada-system\/etcd/);
  const { code, stderr } = await cli(account, down);
  expect(code).toBe(4);
  expect(stderr).toMatch(/its StatefulSet is gone, and its volumes remain[\s\S]*add --no-backup/);
  without(account, /^persistentvolumeclaims\/karmada-system\/etcd/);
  expect((await succeed(account, down)).stderr).toContain('Karmada is not backed up: it has no etcd');
});

it('backs up a Karmada with members whose installation is not noted to have ended', async () => {
  const account = fleet();
  const { objects } = account.state.apis['eks/us-west-2/karmada-parent'] ?? expect.unreachable('no parent');
  const annotations = objects['configmaps/karmada-system/karmada-eks']?.metadata.annotations ?? {};
  delete annotations['karmada-eks/installed'];
  annotations['karmada-eks/installing'] = '2026-11-28T03:00:00.000Z';
  await succeed(account, down);
  expect(backupsOf(account)).toHaveLength(1);
});
