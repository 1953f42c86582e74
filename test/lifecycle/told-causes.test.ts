/** What did not happen in time is told with the reason that the cluster or EKS itself has. */
import { expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { said } from '../cli/output.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { newMachine, region, succeed } from './fleet.js';

const up = `up --region ${region} --vpc main --yes --member name=one`;

const noRoom =
  'Could not launch On-Demand Instances. InsufficientInstanceCapacity - We currently do not have sufficient m5.large capacity in the Availability Zone you requested. Launching EC2 instance failed.';

const late = 'that cannot be launched are told minutes after they were asked for, not when EKS gives them up';

it(`nodes of the parent ${late}`, () => untilGivenUp('karmada-parent', 'create-cluster/parent'));

it.runIf(triesMore)(`nodes of a member ${late}`, async () => {
  await succeed(await untilGivenUp('one', 'create-cluster/one'), up);
});

async function untilGivenUp(cluster: string, id: string): Promise<Account> {
  const account = newMachine();
  account.state.conditions.push({ kind: 'node-group-fails', cluster, reason: noRoom, times: 1 });
  const ended = await cli(account, up);
  const told = ended.events.flatMap((each) =>
    each.type === 'step-progress' && each.id === id && each.lasting === true ? [each] : [],
  );
  expect(told.map(({ line }) => line)).toEqual([`node group nodes (CREATING: ${noRoom})`]);
  const failed = ended.events.find((each) => each.type === 'step-failed' && each.id === id)?.at ?? Number.NaN;
  expect((failed - (told[0]?.at ?? Number.NaN)) / 60_000).toBeGreaterThan(10);
  expect(said(ended)).toContain(`✖ the nodes of EKS cluster ${cluster} in ${region} did not become ready`);
  expect(said(ended)).toContain(noRoom);
  return account;
}

it.runIf(triesMore)('nothing is told of nodes that come', async () => {
  const { events } = await succeed(newMachine(), up);
  expect(events.filter((each) => each.type === 'step-progress' && each.line.includes('node group nodes'))).toEqual([]);
});

it.runIf(triesMore)('a wait for nodes that ends tells what EKS says of the node group', async () => {
  const account = newMachine();
  await succeed(account, up);
  const group = account.region(region).clusters['one']?.nodeGroups['nodes'] ?? expect.unreachable('no nodes');
  const message = 'Could not launch On-Demand Instances. VcpuLimitExceeded - You have requested more vCPU capacity';
  Object.assign(group, { status: 'UPDATING', settlesAt: Number.MAX_SAFE_INTEGER });
  group.issues.push({ code: 'AsgInstanceLaunchFailures', message });
  const ended = await cli(account, `${up} --nodes 4 --reconcile`);
  expect(said(ended)).toContain(
    `✖ EKS cluster one in ${region}: its node group did not settle within 20 minutes\n  why:  node group nodes (UPDATING: ${message})`,
  );
});
