/** Zones and subnets that are chosen: nothing of a new cluster is elsewhere, and what EKS says about zones without room becomes a command. */
import { expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { said } from '../cli/output.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { changes, down, newMachine, otherRegion, region, succeed } from './fleet.js';

const up = `up --region ${region} --vpc main --yes`;
const [a, b, c] = ['a', 'b', 'c'].map((letter) => `${region}${letter}`);

/** Of the cluster's own subnets, and of its nodes. */
function zonesOf(account: Account, cluster: string): readonly (readonly string[])[] {
  const { subnets, clusters, instances } = account.region(region);
  const known = clusters[cluster]?.subnetIds.flatMap((id) => subnets.find((subnet) => subnet.id === id)?.zone ?? []);
  const nodes = instances.filter((instance) => instance.cluster === cluster).map(({ zone }) => zone);
  return [known ?? [], nodes].map((zones) => [...new Set(zones)].sort());
}

it('holds for the parent, its load balancer, and members in its VPC that have no zones of their own', async () => {
  const account = newMachine();
  const flags = `--zones ${b},${c} --member name=one --member name=two,zones=${a}+${b} --member name=far,region=${otherRegion}`;
  await succeed(account, `${up} ${flags}`);
  const bc = [b, c];
  expect(zonesOf(account, 'karmada-parent')).toEqual([bc, bc]);
  expect(zonesOf(account, 'one')).toEqual([bc, bc]);
  expect(zonesOf(account, 'two')).toEqual([
    [a, b],
    [a, b],
  ]);
  const { loadBalancers, subnets } = account.region(region);
  expect(loadBalancers[0]?.subnetIds.map((id) => subnets.find((subnet) => subnet.id === id)?.zone).sort()).toEqual(bc);
  expect(changes(await succeed(account, `${up} ${flags}`))).toEqual([]);
  await succeed(account, 'join --yes --member name=late');
  expect(zonesOf(account, 'late')).toEqual([bc, bc]);
  await succeed(account, down);
});

it.runIf(triesMore)('takes subnets by their ids', async () => {
  const account = newMachine();
  const { subnets, vpcs } = account.region(region);
  const mine = subnets.filter((subnet) => subnet.vpcId === vpcs[0]?.id && [a, b].includes(subnet.zone));
  await succeed(account, `${up} --member name=one ${mine.map(({ id }) => `--subnet ${id}`).join(' ')}`);
  expect(account.region(region).clusters['one']?.subnetIds.toSorted()).toEqual(mine.map(({ id }) => id).sort());
});

it.each([
  [2, `--zones ${a},${otherRegion}a --members 0`, `karmada-parent is in ${region}, which has no zone ${otherRegion}a`],
  [3, `--zones ${a},${region}z --members 0`, `no subnet for nodes in ${region}z`],
  [3, '--subnet subnet-0 --subnet subnet-1 --members 0', 'subnet-0 is not in this VPC'],
  [2, `--zones ${a} --members 0`, '--zones: expected at least two zones, as EKS does'],
  [2, `--member name=one,zones=${a}`, '--member zones: expected at least two zones'],
])('refuses with %i %s before anything is created', async (code, flags, what) => {
  const account = newMachine();
  const refused = await cli(account, `${up} ${flags}`);
  expect([refused.code, refused.stderr]).toEqual([code, expect.stringContaining(what)]);
  expect(account.region(region).clusters).toEqual({});
});

const noRoom = `Cannot create cluster because ${c}, the targeted availability zone, does not currently have sufficient capacity to support the cluster. Retry and choose from these availability zones: ${a}, ${b}`;

it('are told as a command where EKS has no room in one, while nobody waits for members', async () => {
  const account = newMachine();
  account.state.conditions.push({ kind: 'control-plane-fails', cluster: 'karmada-parent', reason: noRoom, times: 1 });
  const started = account.now();
  const failed = await cli(account, `${up} --member name=one,region=${otherRegion}`);
  expect(said(failed)).toContain(`use zones that have room: add --zones ${a},${b}`);
  expect(failed.stderr).toMatch(/scopes: +parent failed; one, fleet unfinished/);
  expect(failed.stderr).toContain(`create EKS cluster one in ${otherRegion}: stopped, because this failed`);
  // A cluster takes a quarter of an hour: without its parent it is not waited for, and gone on with by the next run.
  expect(account.now() - started).toBeLessThan(5 * 60_000);
  await succeed(account, `${up} --member name=one,region=${otherRegion} --zones ${a},${b}`);
  expect(zonesOf(account, 'karmada-parent')[0]).toEqual([a, b]);
});

it.runIf(triesMore)(
  'are told where EC2 has no room for nodes in one, and hold for nodes of a control plane that is there',
  async () => {
    const account = newMachine();
    const reason = `Could not launch On-Demand Instances. InsufficientInstanceCapacity - We currently do not have sufficient m5.large capacity in the Availability Zone you requested (${c}). You can currently get m5.large capacity by not specifying an Availability Zone in your request or choosing ${a}, ${b}. Launching EC2 instance failed.`;
    account.state.conditions.push({ kind: 'node-group-fails', cluster: 'karmada-parent', reason, times: 1 });
    expect(said(await cli(account, `${up} --members 0`))).toContain(`use zones that have room: add --zones ${a},${b}`);
    await succeed(account, `${up} --members 0 --zones ${a},${b}`);
    expect(zonesOf(account, 'karmada-parent')[1]).toEqual([a, b]);
  },
);

it.runIf(triesMore)('of a member are told for this member', async () => {
  const account = newMachine();
  account.state.conditions.push({ kind: 'control-plane-fails', cluster: 'one', reason: noRoom, times: 1 });
  expect(said(await cli(account, `${up} --member name=one`))).toContain(`add zones=${a}+${b} to --member name=one`);
});

it('change nothing in what exists', async () => {
  const account = newMachine();
  await succeed(account, `${up} --member name=one`);
  const again = await succeed(account, `${up} --member name=one --zones ${a},${b}`);
  expect(changes(again).filter((key) => key.startsWith('exec eksctl'))).toEqual([]);
  expect(again.stderr).toContain(`only ${a}, ${b} requested; this is not changed in an existing cluster`);
});

it('leave no volume of etcd in a zone without nodes', async () => {
  const account = newMachine();
  await succeed(account, `${up} --members 0`);
  const group = account.region(region).clusters['karmada-parent']?.nodeGroups['nodes'];
  if (group === undefined) throw new Error('the parent has no nodes');
  group.status = 'CREATE_FAILED';
  const refused = await cli(account, `${up} --members 0 --zones ${a},${b} --replace-nodes`);
  expect(refused.stdout + refused.stderr).toContain(`etcd has a volume in ${c}`);
});
