/** Clusters and stacks of others, with the fleet's tag, its names or the beginning of these: whatever is deleted, they stay. */
import { expect, it } from 'vitest';
import { createStack } from '../../src/rehearsal/account/stacks.js';
import type { Account } from '../../src/rehearsal/account.js';
import { never } from '../../src/rehearsal/durations.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { said } from '../cli/output.js';
import { resourceIds } from '../rehearsal/resources.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { changes, down, downById, fleetFolder, newMachine, region, smallUp, succeed } from './fleet.js';
import { goneFleet, more, told } from './leftover-fleet.js';
import { fleetTags, type Tags } from './leftover-things.js';
import { smallFleet } from './small-fleet.js';

const fleet = smallFleet();
const remove = `${down} --remove-leftovers`;

/** An EKS cluster that nobody of the fleet made. */
function addCluster(account: Account, name: string, tags: Tags): void {
  const here = account.region(region);
  const subnetIds = here.subnets.map(({ id }) => id);
  addExistingCluster(account, { region, name, vpcId: here.vpcs[0]?.id ?? '', subnetIds, tags });
}

/** A stack of somebody's, with whatever tags. */
function addStack(account: Account, name: string, cluster: string, tags: Tags): void {
  const makes = { kind: 'role' as const, cluster, name, roles: [] };
  const stack = createStack(account, { region, name, tags, makes, duration: 0 });
  stack.status = 'CREATE_COMPLETE';
  stack.settlesAt = never;
  // As old as what it is said to have made.
  stack.createdAt = account.region(region).clusters[cluster]?.createdAt ?? stack.createdAt;
}

function stacksOf(account: Account): readonly string[] {
  return account
    .region(region)
    .stacks.filter(({ status }) => status !== 'DELETE_COMPLETE')
    .map(({ name }) => name)
    .sort();
}

it('that carry its tag, by mistake, are listed with that one witness, and stay', async () => {
  const account = await goneFleet();
  addCluster(account, 'payroll', fleetTags(account));
  addStack(account, 'payroll-database', 'payroll', fleetTags(account));
  const there = resourceIds(account);
  const listed = told(await cli(account, `${down} --json`)).leftovers;
  expect(listed.map(({ kind, name, evidence }) => `${kind} ${name}, ${evidence}`)).toEqual([
    'EKS cluster payroll, perhaps this fleet (tag only)',
    'CloudFormation stack payroll-database, perhaps this fleet (tag only)',
  ]);
  const ended = await cli(account, remove);
  expect(said(ended)).toMatchInlineSnapshot(`
    "✖ 2 resources are perhaps part of fleet karmada and will not be deleted
      why:  EKS cluster payroll: perhaps this fleet (tag only); CloudFormation stack payroll-database: perhaps this fleet (tag only)
      next: 1. if you know that the fleet created it, delete it in the console of its service
            2. if it belongs to somebody else, remove its tag karmada-eks/fleet so that it is no longer listed
      code: leftovers
    exit 5"
  `);
  expect(resourceIds(account)).toEqual(there);
});

it.runIf(triesMore)(
  'of eksctl’s, which a stack of theirs made without the tag, stay when only the cluster was given the tag',
  async () => {
    const account = await goneFleet();
    addCluster(account, 'payroll', { ...fleetTags(account), 'alpha.eksctl.io/cluster-name': 'payroll' });
    addStack(account, 'eksctl-payroll-cluster', 'payroll', { 'alpha.eksctl.io/cluster-name': 'payroll' });
    const there = resourceIds(account);
    expect((await cli(account, remove)).code).toBe(5);
    expect(resourceIds(account)).toEqual(there);
  },
);

it('of another fleet under the same name keep all their stacks, and their cluster', async () => {
  const account = await goneFleet();
  const tags = { 'karmada-eks/fleet': 'karmada.eu-west-1', 'alpha.eksctl.io/cluster-name': 'one' };
  addCluster(account, 'one', tags);
  for (const part of ['cluster', 'nodegroup-nodes', 'addon-vpc-cni'])
    addStack(account, `eksctl-one-${part}`, 'one', tags);
  const there = resourceIds(account);
  const ended = await succeed(account, remove);
  expect(changes(ended)).toEqual([]);
  expect(resourceIds(account)).toEqual(there);
});

it('of another fleet under the same name keep their stacks too while there is no cluster yet', async () => {
  const account = await goneFleet();
  const tags = { 'karmada-eks/fleet': 'karmada.eu-west-1', 'alpha.eksctl.io/cluster-name': 'one' };
  for (const part of ['cluster', 'nodegroup-nodes']) addStack(account, `eksctl-one-${part}`, 'one', tags);
  const there = resourceIds(account);
  expect(changes(await succeed(account, remove))).toEqual([]);
  expect(resourceIds(account)).toEqual(there);
});

it('whose names extend a name of the fleet keep their stacks', async () => {
  const account = fleet();
  // Somebody gave them the fleet's tag too.
  for (const part of ['cluster', 'nodegroup-ng'])
    addStack(account, `eksctl-one-b-${part}`, 'one-b', {
      ...fleetTags(account),
      'alpha.eksctl.io/cluster-name': 'one-b',
    });
  await succeed(account, 'unjoin one --delete-cluster --yes');
  expect(stacksOf(account).filter((name) => name.startsWith('eksctl-one-'))).toEqual([
    'eksctl-one-b-cluster',
    'eksctl-one-b-nodegroup-ng',
  ]);
  expect(Object.keys(account.region(region).clusters)).toEqual(['karmada-parent', 'two']);
});

it('without the tag, in the place of one of the fleet’s, stay, and so does what would delete them', async () => {
  const account = await goneFleet();
  addCluster(account, 'one', {});
  // CloudFormation knows a cluster by its name: the old stack would take the new cluster with it.
  const makes = { kind: 'cluster' as const, cluster: 'one', name: 'one', roles: [] };
  const tags = { ...fleetTags(account), 'alpha.eksctl.io/cluster-name': 'one' };
  createStack(account, { region, name: 'eksctl-one-cluster', tags, makes, duration: 0 });
  const there = resourceIds(account);
  const ended = await cli(account, remove);
  expect(changes(ended)).toEqual([]);
  expect(resourceIds(account)).toEqual(there);
});

it('are reported by time: what the fleet deleted has an end, and what is younger is somebody else’s', async () => {
  const account = fleet();
  await succeed(account, 'unjoin one --delete-cluster --yes');
  await account.clock.sleep(3_600_000);
  addCluster(account, 'one', fleetTags(account));
  await cli(account, remove);
  expect(more(account).filter((id) => id.includes(' cluster '))).toEqual([`${region} cluster one`]);
});

it('that existed before stay, although somebody gave them the fleet’s tag, a stack and all', async () => {
  const account = newMachine();
  addCluster(account, 'karmada-parent', {});
  addCluster(account, 'one', {});
  await succeed(account, `${smallUp} --use-existing`);
  for (const cluster of ['karmada-parent', 'one']) {
    const tags = { ...fleetTags(account), 'alpha.eksctl.io/cluster-name': cluster };
    Object.assign(account.region(region).clusters[cluster]?.tags ?? {}, tags);
    addStack(account, `eksctl-${cluster}-cluster`, cluster, tags);
  }
  const record = JSON.parse(account.state.files[`${fleetFolder}/fleet.json`] ?? '') as { existed: unknown };
  expect(record.existed).toEqual([
    { cluster: 'karmada-parent', region },
    { cluster: 'one', region },
  ]);
  await cli(account, remove);
  expect(Object.keys(account.region(region).clusters)).toEqual(['karmada-parent', 'one']);
  expect(stacksOf(account)).toEqual(['eksctl-karmada-parent-cluster', 'eksctl-one-cluster']);
});

it('that are described as existing stay, also on a machine that has no record of it', async () => {
  const account = newMachine();
  addCluster(account, 'shop', {});
  await succeed(account, `${smallUp} --member name=shop,existing=true`);
  const tags = { ...fleetTags(account), 'alpha.eksctl.io/cluster-name': 'shop' };
  Object.assign(account.region(region).clusters['shop']?.tags ?? {}, tags);
  addStack(account, 'eksctl-shop-cluster', 'shop', tags);
  delete account.state.files[`${fleetFolder}/fleet.json`];
  await cli(account, `${downById(account)} --remove-leftovers --fleet karmada --region ${region}`);
  expect(Object.keys(account.region(region).clusters)).toEqual(['shop']);
});
