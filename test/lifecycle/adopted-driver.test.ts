/** The volume driver of a parent that was there before: the fleet takes away what it surely added, and nothing else. */
import { expect, it } from 'vitest';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { never } from '../../src/rehearsal/durations.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { builtIn, createObject, findObject, upsert } from '../../src/rehearsal/kube/api-server/store.js';
import type { ApiState } from '../../src/rehearsal/state.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { resourceIds } from '../rehearsal/resources.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { changes, down, fleetId, readyStatus, region, smallUp, succeed } from './fleet.js';
import { useVolume, volumeIds } from './users-volumes.js';

const up = `${smallUp} --use-existing`;
const driver = 'aws-ebs-csi-driver';
const roleStack = 'eksctl-karmada-parent-addon-iamserviceaccount-kube-system-ebs-csi-controller-sa';

/** The parent exists; its driver, when it has one, runs with this role. */
function adoptable(role?: string): Account {
  const account = newAccount();
  const { vpc, privateSubnets } = addVpc(account, { region, name: 'main' });
  const subnetIds = privateSubnets.map(({ id }) => id);
  const cluster = addExistingCluster(account, { region, name: 'karmada-parent', vpcId: vpc.id, subnetIds });
  if (role === undefined) return account;
  account.state.roles.push(role);
  const serviceAccountRoleArn = `arn:aws:iam::111122223333:role/${role}`;
  cluster.addons[driver] = { name: driver, status: 'ACTIVE', settlesAt: never, issues: [], serviceAccountRoleArn };
  return account;
}

function driverOf(account: Account): string | undefined {
  return account.region(region).clusters['karmada-parent']?.addons[driver]?.status;
}

function roleStackOf(account: Account): string | undefined {
  return account.region(region).stacks.findLast(({ name }) => name === roleStack)?.status;
}

it('stays when it was there with a role of somebody’s', async () => {
  const account = adoptable('storage-team');
  const before = resourceIds(account);
  await succeed(account, up);
  await succeed(account, down);
  expect(driverOf(account)).toBe('ACTIVE');
  expect(resourceIds(account)).toEqual(before);
});

it('stays when it was there with a role of the name that the fleet would have given', async () => {
  const account = adoptable('eksctl-karmada-parent-us-west-2-ebs-csi');
  const before = resourceIds(account);
  await succeed(account, up);
  await succeed(account, down);
  expect(driverOf(account)).toBe('ACTIVE');
  expect(resourceIds(account)).toEqual(before);
});

it('is waited for while somebody creates it, and is not taken over when that fails', async () => {
  const account = adoptable('storage-team');
  const addon = account.region(region).clusters['karmada-parent']?.addons[driver] ?? expect.unreachable('no add-on');
  Object.assign(addon, { status: 'CREATING', settlesAt: account.now() + 120_000 });
  account.state.conditions.push({
    ...{ kind: 'addon-fails', cluster: 'karmada-parent', addon: driver, status: 'CREATE_FAILED' },
    ...{ reason: 'Conflicts found', times: 1 },
  });
  for (const words of [up, up, up.replace('up ', 'plan ').replace(' --yes', '')]) {
    const refused = await cli(account, words);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain(
      'add-on aws-ebs-csi-driver of karmada-parent in us-west-2 could not be added, and is not this fleet’s to replace',
    );
    expect(refused.stderr).toContain('Conflicts found');
    expect(changes(refused).filter((key) => key.includes('addon') || key.includes('iamserviceaccount'))).toEqual([]);
  }
  expect(addon).toMatchObject({
    status: 'CREATE_FAILED',
    serviceAccountRoleArn: expect.stringContaining('storage-team'),
  });
});

it.runIf(triesMore)('stays when the fleet’s role is there, and the driver runs with another by now', async () => {
  const account = adoptable();
  await succeed(account, up);
  const addon = account.region(region).clusters['karmada-parent']?.addons[driver];
  if (addon !== undefined) addon.serviceAccountRoleArn = 'arn:aws:iam::111122223333:role/storage-team';
  await succeed(account, down);
  expect(driverOf(account)).toBe('ACTIVE');
  expect(roleStackOf(account)).toBe('DELETE_COMPLETE');
});

it.runIf(triesMore)('stays when the role’s stack carries another fleet’s tag', async () => {
  const account = adoptable();
  await succeed(account, up);
  const stack = account.region(region).stacks.find(({ name }) => name === roleStack);
  expect(stack?.tags['karmada-eks/fleet']).toBe(fleetId(account));
  if (stack !== undefined) stack.tags['karmada-eks/fleet'] = 'karmada.eu-west-1';
  await succeed(account, down);
  expect([driverOf(account), roleStackOf(account)]).toEqual(['ACTIVE', 'CREATE_COMPLETE']);
});

it.runIf(triesMore)('goes with its role when the fleet added both, also after a kill between the two', async () => {
  const made = adoptable();
  await succeed(made, up);
  const { commands } = await succeed(made, down);
  expect([driverOf(made), roleStackOf(made)]).toEqual([undefined, 'DELETE_COMPLETE']);
  const gone = commands.findIndex(({ key }) => key.includes('eksctl delete addon'));
  expect(gone).toBeGreaterThan(0);
  const killed = adoptable();
  await succeed(killed, up);
  expect((await cli(killed, down, { killAfterCommand: gone + 1 })).code).toBe('killed');
  expect(roleStackOf(killed)).toBe('CREATE_COMPLETE');
  await succeed(killed, down);
  expect([driverOf(killed), roleStackOf(killed)]).toEqual([undefined, 'DELETE_COMPLETE']);
});

function parentOf(account: Account): ApiState {
  const api = account.state.apis[`eks/${region}/karmada-parent`];
  if (api === undefined) throw new Error('no parent');
  return api;
}

const classOf = (account: Account) => findObject(parentOf(account), 'storageclasses', '', 'ebs-sc');

it.runIf(triesMore)('stays with its role and the StorageClass while others use them, whatever else goes', async () => {
  const account = adoptable();
  await succeed(account, up);
  const volume = await useVolume(account, { namespace: 'payroll' });
  const { stderr } = await succeed(account, `${down} --remove-leftovers`);
  expect(
    stderr.slice(0, stderr.indexOf('+00:00')).replace(/^Karmada is backed up first: .*\n/, ''),
  ).toMatchInlineSnapshot(`
    "StorageClass ebs-sc is kept: in use by claim payroll/data-postgres-0
    add-on aws-ebs-csi-driver of karmada-parent is kept: in use by claim payroll/data-postgres-0
    "
  `);
  expect([driverOf(account), roleStackOf(account)]).toEqual(['ACTIVE', 'CREATE_COMPLETE']);
  expect(classOf(account)).toBeDefined();
  expect(volumeIds(account)).toContain(volume);
});

it('has the requested tags, and stays for a claim of anybody’s class that waits for its first pod, and for a volume of the driver that Kubernetes had', async () => {
  const account = adoptable();
  await succeed(account, `${up} --tag team=a`);
  expect(account.region(region).clusters['karmada-parent']?.addons[driver]?.tags).toEqual({ team: 'a' });
  const api = parentOf(account);
  const gp2 = { metadata: { name: 'gp2' }, provisioner: 'kubernetes.io/aws-ebs' };
  upsert(api, 'storageclasses', gp2, account.now());
  const claim = { metadata: { name: 'cache', namespace: 'default' }, spec: { storageClassName: 'gp2' } };
  createObject(api, builtIn('persistentvolumeclaims'), claim, account.now());
  const spec = { awsElasticBlockStore: { volumeID: 'vol-1' }, capacity: { storage: '1Gi' } };
  upsert(api, 'persistentvolumes', { metadata: { name: 'old' }, spec }, account.now());
  const { stderr } = await succeed(account, down);
  expect(stderr).toContain(
    'add-on aws-ebs-csi-driver of karmada-parent is kept: in use by claim default/cache, volume old\n',
  );
  expect(driverOf(account)).toBe('ACTIVE');
  expect(classOf(account)).toBeUndefined();
});

it('stays while the cluster does not tell who uses it', async () => {
  const account = adoptable();
  await succeed(account, up);
  const faults = [{ call: 'exec kubectl get persistentvolumes karmada-parent', kind: 'fail', times: -1 } as const];
  const ended = await cli(account, down, { faults });
  expect(ended.code).not.toBe(0);
  expect(driverOf(account)).toBe('ACTIVE');
});

it('is used as it is where somebody installed it without EKS, and never taken away', async () => {
  const account = adoptable();
  const before = resourceIds(account);
  const labels = { 'app.kubernetes.io/managed-by': 'Helm' };
  upsert(parentOf(account), 'csidrivers', { metadata: { name: 'ebs.csi.aws.com', labels } }, account.now());
  const planned = await succeed(account, `${up.replace('up ', 'plan ').replace(' --yes', '')} --details`);
  expect(planned.stdout.replaceAll(/\s+/g, ' ')).toContain(
    'CSIDriver ebs.csi.aws.com is used, without add-on aws-ebs-csi-driver (if it is left over from a driver that was removed: kubectl delete csidriver ebs.csi.aws.com, then up adds the add-on)',
  );
  const made = await succeed(account, up);
  expect(changes(made).filter((key) => key.includes('addon') || key.includes('iamserviceaccount'))).toEqual([]);
  await readyStatus(account);
  await succeed(account, down);
  expect(findObject(parentOf(account), 'csidrivers', '', 'ebs.csi.aws.com')?.metadata.labels).toEqual(labels);
  expect(resourceIds(account)).toEqual(before);
});

it('is not added where its service account has a role of somebody’s, which is named in the plan', async () => {
  const account = adoptable();
  const other = adoptable();
  await succeed(other, up);
  const theirs = other.region(region).stacks.find(({ name }) => name === roleStack) ?? expect.unreachable('no stack');
  const { 'karmada-eks/fleet': _, ...tags } = theirs.tags;
  account.region(region).stacks.push({ ...theirs, tags });
  for (const words of [up, up.replace('up ', 'plan ').replace(' --yes', '')]) {
    const refused = await cli(account, words);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain(`its service account has a role of somebody else, in stack ${roleStack}`);
    expect(changes(refused)).toEqual([]);
  }
});

it('is not put over one that somebody installed while EKS could not add the fleet’s', async () => {
  const account = adoptable();
  const labels = { 'app.kubernetes.io/managed-by': 'Helm' };
  account.state.conditions.push({
    ...{ kind: 'addon-fails', cluster: 'karmada-parent', addon: driver, status: 'CREATE_FAILED' },
    ...{ reason: 'Conflicts found', times: 1 },
  });
  expect((await cli(account, up)).code).not.toBe(0);
  expect(driverOf(account)).toBe('CREATE_FAILED');
  upsert(parentOf(account), 'csidrivers', { metadata: { name: 'ebs.csi.aws.com', labels } }, account.now());
  const ended = await succeed(account, up);
  expect(changes(ended).filter((key) => key.includes('addon'))).toEqual([expect.stringContaining('delete addon')]);
  expect(driverOf(account)).toBeUndefined();
  expect(findObject(parentOf(account), 'csidrivers', '', 'ebs.csi.aws.com')?.metadata.labels).toEqual(labels);
});
