/** Backups that the parent takes by itself: scheduled, seen in status and doctor, renewed, ended, and nothing of anybody else's touched. */
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { addKmsKey } from '../../src/rehearsal/aws/kms.js';
import { addBucket } from '../../src/rehearsal/aws/s3.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { passAll, triesMore, upTo } from './cases.js';
import { cli } from './cli.js';
import { down, newMachine, otherRegion, region, smallUp, succeed } from './fleet.js';
import { smallFleet } from './small-fleet.js';
import { applyTo } from './workloads.js';

const fleet = smallFleet();
const recipient = await identityToRecipient(await generateIdentity());
const to = 's3://safe/karmada';
const day = 24 * 3_600_000;

const scheduling = (more: readonly string[] = []): readonly string[] => [
  ...['backup', '--schedule', '0 3 * * *', '--to', to, '--encrypt-to', recipient, '--yes'],
  ...more,
];

function keysOf({ state }: Account): readonly string[] {
  return Object.keys(state.buckets?.['safe']?.objects ?? {}).sort();
}

/** What is there of it in the parent and in the account. */
function things({ state }: Account): readonly string[] {
  const objects = Object.keys(state.apis[`eks/${region}/karmada-parent`]?.objects ?? {});
  return [
    ...objects
      .filter((key) => key.includes('/karmada-system/karmada-eks-backup'))
      .map((key) => key.replace(/-[0-9a-f]{16}$/, '-HASH')),
    ...state.roles.filter((role) => role.endsWith('-backup')),
  ].sort();
}

const all = [
  'configmaps/karmada-system/karmada-eks-backup-HASH',
  'cronjobs/karmada-system/karmada-eks-backup',
  `eksctl-karmada-parent-${region}-backup`,
  'rolebindings/karmada-system/karmada-eks-backup',
  'roles/karmada-system/karmada-eks-backup',
  'serviceaccounts/karmada-system/karmada-eks-backup',
];

async function scheduled(more: readonly string[] = []): Promise<Account> {
  const account = fleet();
  addBucket(account.state, 'safe', { region: otherRegion });
  await succeed(account, scheduling(more));
  return account;
}

it('runs every day, keeps as many as wanted, and is seen in status and doctor', async () => {
  const account = await scheduled(['--keep', '2']);
  expect(things(account)).toEqual(all);
  const cron =
    account.state.apis[`eks/${region}/karmada-parent`]?.objects['cronjobs/karmada-system/karmada-eks-backup'];
  // A node that has the image of the tag would never ask for its fixes.
  expect(JSON.stringify(cron)).toContain('"imagePullPolicy":"Always"');
  expect((await succeed(account, scheduling(['--keep', '2']))).stdout).toContain('nothing to do');
  const before = await succeed(account, 'status');
  expect(before.stdout).toMatch(
    /backups: "0 3 \* \* \*" \(UTC\) into s3:\/\/safe\/karmada; none has ended yet, the next one begins \d{4}-/,
  );
  for (let days = 0; days < 3; days += 1) {
    await account.clock.sleep(day);
    await cli(account, 'status');
  }
  expect(keysOf(account)).toHaveLength(2);
  expect(keysOf(account)[0]).toMatch(/^karmada\/karmada-\d{8}T0300\d\dZ\.tar\.age$/);
  const { stdout } = await succeed(account, 'status -o json');
  expect(JSON.parse(stdout)).toMatchObject({
    backups: { schedule: '0 3 * * *', to, lastSuccess: expect.stringContaining('T03:00:') },
  });
  expect((await cli(account, 'doctor')).stdout).toMatch(
    /backups: "0 3 \* \* \*" \(UTC\) into s3:\/\/safe\/karmada; the last one ended/,
  );
  const listed = await succeed(account, `backup list ${to} -o json`);
  expect(JSON.parse(listed.stdout)).toHaveLength(2);
});

it('has the program of a newer karmada-eks after its up, unless somebody has suspended it', async () => {
  const account = await scheduled(['--keep', '2']);
  const objects = account.state.apis[`eks/${region}/karmada-parent`]?.objects ?? {};
  const cron = (): unknown => objects['cronjobs/karmada-system/karmada-eks-backup']?.['spec'];
  const newer = { backupProgram: 'the program of the next version' };
  Object.assign(cron() as object, { suspend: true });
  expect((await cli(account, smallUp, newer)).stdout).toContain('nothing to do');
  expect(cron()).toMatchObject({ suspend: true });
  Object.assign(cron() as object, { suspend: false });
  const { code, stdout } = await cli(account, smallUp, newer);
  expect([code, stdout]).toEqual([0, expect.stringContaining('schedule backups')]);
  expect(things(account)).toEqual(all);
  const programs = Object.entries(objects).filter(([key]) =>
    key.startsWith('configmaps/karmada-system/karmada-eks-backup-'),
  );
  expect(JSON.stringify(programs)).toContain(newer.backupProgram);
  expect((await cli(account, smallUp, newer)).stdout).toContain('nothing to do');
});

it.runIf(triesMore)('tells why the last one failed, and that none succeeds', async () => {
  const account = await scheduled();
  const bucket = account.state.buckets?.['safe'] ?? expect.unreachable('no bucket');
  bucket.denies = ['s3:PutObject'];
  await account.clock.sleep(day + 3_600_000);
  const { stdout } = await succeed(account, 'status');
  expect(stdout).toMatch(
    /the last scheduled backup failed: access-denied: writing s3:\/\/safe\/karmada\/karmada-\S+ failed/,
  );
  expect((await cli(account, 'doctor')).stdout).toMatch(/the last scheduled backup failed/);
  bucket.denies = [];
  await account.clock.sleep(day);
  expect((await succeed(account, 'status')).stdout).not.toContain('scheduled backup failed');
  const cron =
    account.state.apis[`eks/${region}/karmada-parent`]?.objects['cronjobs/karmada-system/karmada-eks-backup'];
  Object.assign(cron?.['spec'] as object, { suspend: true });
  await account.clock.sleep(3 * day);
  expect((await succeed(account, 'status')).stdout).toContain('scheduled backups are suspended');
});

it.runIf(triesMore)(
  'has another role for another place, and a new program, without a time in which it could not back up',
  async () => {
    const account = await scheduled();
    addBucket(account.state, 'other', { region });
    const words = ['backup', '--schedule', '@hourly', '--to', 's3://other', '--encrypt-to', recipient, '--yes'];
    const { stderr } = await succeed(account, words);
    expect(stderr).toContain(`the backups in ${to} stay`);
    expect(things(account)).toEqual(all);
    await account.clock.sleep(2 * 3_600_000);
    await succeed(account, 'status');
    expect(Object.keys(account.state.buckets?.['other']?.objects ?? {}).length).toBeGreaterThan(0);
    expect(keysOf(account)).toEqual([]);
  },
);

it.runIf(triesMore)('makes good what somebody has changed in the parent, and shows it before', async () => {
  const account = await scheduled();
  const objects = account.state.apis[`eks/${region}/karmada-parent`]?.objects ?? {};
  const cron = (): unknown => objects['cronjobs/karmada-system/karmada-eks-backup']?.['spec'];
  Object.assign(cron() as object, { suspend: true, schedule: '1 1 1 1 *' });
  Object.assign(objects['roles/karmada-system/karmada-eks-backup'] as object, { rules: [] });
  const template = JSON.stringify(cron()).replace('"args":["', '"args":["--inspect","');
  Object.assign(cron() as object, JSON.parse(template));
  const { stdout } = await succeed(account, scheduling());
  expect(stdout).toContain('CronJob karmada-eks-backup: spec.schedule is "1 1 1 1 *", not "0 3 * * *"');
  expect(stdout).toContain('spec.suspend is true, not false');
  expect(stdout).toContain('containers.backup.args is ["--inspect","/karmada-eks/program/backup.mjs"], not ');
  expect(stdout).toContain('Role karmada-eks-backup: rules is [], not ');
  expect((await succeed(account, scheduling())).stdout).toContain('nothing to do');
  expect(cron()).toMatchObject({ suspend: false, schedule: '0 3 * * *' });
  const changed = await succeed(account, scheduling(['--keep', '3']));
  expect(changed.stdout).toContain('kept: 3, before all');
});

it('tells that its CronJob is gone, and brings it back', async () => {
  const account = await scheduled();
  const objects = account.state.apis[`eks/${region}/karmada-parent`]?.objects ?? {};
  delete objects['cronjobs/karmada-system/karmada-eks-backup'];
  const told = 'backups are scheduled, but none is taken';
  const command = `karmada-eks backup --schedule "0 3 * * *" --to ${to} --encrypt-to ${recipient}`;
  for (const words of ['status', 'doctor']) {
    const { stdout, stderr } = await cli(account, words);
    expect(`${stdout}${stderr}`).toContain(told);
    expect(`${stdout}${stderr}`).toContain(command);
  }
  await succeed(account, scheduling());
  expect(things(account)).toEqual(all);
  expect((await succeed(account, 'status')).stdout).not.toContain(told);
});

it.runIf(triesMore)('makes the role anew that is gone, or that trusts a cluster of before', async () => {
  const account = await scheduled();
  const role = `eksctl-karmada-parent-${region}-backup`;
  account.state.roles = account.state.roles.filter((each) => each !== role);
  const { stdout } = await succeed(account, scheduling());
  expect(stdout).toContain(`IAM role ${role}, which is gone`);
  expect(account.state.roles).toContain(role);
  const cluster = account.state.regions[region]?.clusters['karmada-parent'] ?? expect.unreachable('no parent');
  const stack = account.state.regions[region]?.stacks.findLast(({ makes }) => makes.roles.includes(role));
  Object.assign(stack?.makes ?? {}, { trusts: `${cluster.oidcIssuer.replace('https://', '')}0` });
  await account.clock.sleep(day);
  expect((await succeed(account, 'status')).stdout).toContain('the last scheduled backup failed: access-denied');
  expect((await succeed(account, scheduling())).stdout).toContain(`IAM role ${role} trusts a cluster`);
  await account.clock.sleep(day);
  expect((await succeed(account, 'status')).stdout).not.toContain('failed');
  expect((await succeed(account, scheduling())).stdout).toContain('nothing to do');
});

it.runIf(triesMore).each(['Disabled', 'gone'])('keeps the schedule that works when a KMS key is %s', async (state) => {
  const account = await scheduled();
  const key = addKmsKey(account.state, region, 'backups', { state: 'Disabled' });
  if (state === 'gone') account.state.kmsKeys = {};
  const before = JSON.stringify(account.state.apis[`eks/${region}/karmada-parent`]?.objects);
  const words = ['backup', '--schedule', '@hourly', '--to', to, '--encrypt-to', key, '--yes'];
  const { code, stderr } = await cli(account, words);
  expect(code).not.toBe(0);
  expect(stderr).toContain(`encrypting with KMS key ${key} failed`);
  expect(JSON.stringify(account.state.apis[`eks/${region}/karmada-parent`]?.objects)).toBe(before);
});

it('ends on request and with the fleet; the backups stay, and are named', async () => {
  const account = await scheduled();
  await account.clock.sleep(day);
  const off = await succeed(account, 'backup --schedule off --yes');
  expect(off.stderr).toContain(`the backups in ${to} stay`);
  expect(things(account)).toEqual([]);
  expect((await succeed(account, 'backup --schedule off --yes')).stdout).toContain('nothing to do');
  await succeed(account, scheduling());
  const { stderr } = await succeed(account, down);
  expect(stderr).toContain(`those in ${to} stay`);
  expect(things(account)).toEqual([]);
  expect(keysOf(account)).toHaveLength(1);
});

const killed = [
  ['backup --schedule', 'backup --schedule @daily --to s3://safe/karmada --encrypt-to', all],
  ['backup --schedule off', 'backup --schedule off', []],
] as const;

it.runIf(triesMore).each(killed)(
  '%s that is killed is gone on with, and leaves no more than it',
  { timeout: 300_000 },
  async (what, words, left) => {
    const whole = `${words}${words.endsWith('-to') ? ` ${recipient}` : ''} --yes`;
    const begin = async (): Promise<Account> => {
      if (left.length === 0) return await scheduled();
      const account = fleet();
      addBucket(account.state, 'safe', { region: otherRegion });
      return account;
    };
    const { events } = await succeed(await begin(), whole);
    await passAll(`${what} killed at event`, events.length, upTo(events.length), async (killAt) => {
      const account = await begin();
      expect((await cli(account, whole, { killAt })).code).toBe('killed');
      await account.clock.sleep(300_000);
      await succeed(account, whole);
      expect(things(account)).toEqual(left);
    });
  },
);

it.runIf(triesMore).each([
  ['all of it', []],
  ['what is left without CronJob and service account', ['cronjobs', 'serviceaccounts']],
])('down leaves a parent that existed before without %s', async (_, gone) => {
  const account = newMachine();
  const { vpcs, subnets } = account.region(region);
  const vpcId = vpcs[0]?.id ?? '';
  const subnetIds = subnets.filter((subnet) => subnet.vpcId === vpcId).map(({ id }) => id);
  addExistingCluster(account, { region, name: 'karmada-parent', vpcId, subnetIds });
  addBucket(account.state, 'safe', { region });
  await succeed(account, `up --region ${region} --vpc main --yes --member name=one --use-existing`);
  await succeed(account, scheduling());
  expect(things(account)).toEqual(all);
  const objects = account.state.apis[`eks/${region}/karmada-parent`]?.objects ?? {};
  for (const kind of gone) delete objects[`${kind}/karmada-system/karmada-eks-backup`];
  await succeed(account, down);
  expect(things(account)).toEqual([]);
  expect(account.region(region).clusters['karmada-parent']?.status).toBe('ACTIVE');
});

it.each([
  ['a CronJob', { apiVersion: 'batch/v1', kind: 'CronJob', spec: { schedule: '@daily' } }],
  ['a service account', { apiVersion: 'v1', kind: 'ServiceAccount' }],
])('never replaces %s of somebody else that has its name', async (_, object) => {
  const account = fleet();
  addBucket(account.state, 'safe', { region });
  const metadata = { name: 'karmada-eks-backup', namespace: 'karmada-system' };
  await applyTo(account, 'karmada-parent', [{ ...object, metadata }]);
  const before = things(account);
  const { code, stderr } = await cli(account, scheduling());
  expect(code, stderr).toBe(3);
  expect(stderr).toContain('is not known to be this fleet’s; nothing was changed');
  expect(things(account)).toEqual(before);
  await cli(account, 'backup --schedule off --yes');
  expect(things(account)).toEqual(before);
});

it.runIf(triesMore)('never takes the role of somebody else, nor deletes it', async () => {
  const account = await scheduled();
  const stack = account.state.regions[region]?.stacks.find(({ name }) => name.endsWith('karmada-eks-backup'));
  Object.assign(stack?.tags ?? {}, { 'karmada-eks/fleet': 'another' });
  const before = things(account);
  const { code, stderr } = await cli(account, [...scheduling(), '--keep', '3']);
  expect(code, stderr).toBe(3);
  expect(stderr).toContain('a role for scheduled backups that is not known to be this fleet’s');
  expect(things(account)).toEqual(before);
  await succeed(account, 'backup --schedule off --yes');
  expect(things(account)).toEqual([`eksctl-karmada-parent-${region}-backup`]);
});

it.each([
  [['--schedule', '0 3 * *', '--to', to, '--encrypt-to', 'x'], 'expected five fields'],
  [['--schedule', '0 0 31 2 *', '--to', to, '--encrypt-to', 'x'], 'that time never comes'],
  [['--schedule', '0 3 * * 7', '--to', to, '--encrypt-to', 'x'], 'is not a valid CronJob schedule'],
  [['--schedule', '@daily', '--encrypt-to', 'x'], 'expected --to s3://BUCKET/PREFIX'],
  [
    ['--schedule', '@daily', '--to', './here.tar', '--encrypt-to', 'x'],
    'expected --to s3://BUCKET/PREFIX, got ./here.tar',
  ],
  [['--schedule', '@daily', '--to', to], '--schedule: expected --encrypt-to'],
])('refuses %j', async (words, expected) => {
  const { code, stderr } = await cli(fleet(), ['backup', ...words, '--yes']);
  expect(code).toBe(2);
  expect(stderr).toContain(expected);
});
