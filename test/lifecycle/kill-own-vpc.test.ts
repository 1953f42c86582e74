/** A VPC that the fleet makes, interrupted: `up` goes on wherever it was killed or the stack failed, and `down` leaves nothing. */
import { beforeAll, expect, it } from 'vitest';
import { findStack } from '../../src/rehearsal/account/stacks.js';
import type { Account } from '../../src/rehearsal/account.js';
import { resourceIds } from '../rehearsal/resources.js';
import { passAll, triesMore, upTo } from './cases.js';
import { cli, type Ended, type Interruptions } from './cli.js';
import { down, newMachine, readyStatus, region, succeed } from './fleet.js';

const limit = { timeout: 900_000 };
const place = `--region ${region} --yes`;
const up = `up ${place} --create-vpc --member name=one,mode=pull`;
const before = resourceIds(newMachine());
const stackName = 'karmada-eks-karmada-vpc';

let made: Ended;
let gone: Ended;
beforeAll(async () => {
  if (!triesMore) return;
  const account = newMachine();
  made = await succeed(account, up);
  gone = await succeed(account, down);
  expect(resourceIds(account)).toEqual(before);
}, 60_000);

it.runIf(triesMore)('up goes on after a kill at every event', limit, async () => {
  await passAll('up --create-vpc killed at event', 30, upTo(made.events.length), (killAt) => killedUp({ killAt }));
});

it.runIf(triesMore)('down goes on after a kill at every event', limit, async () => {
  await passAll('down of a VPC killed at event', 20, upTo(gone.events.length), async (killAt) => {
    const account = newMachine();
    await succeed(account, up);
    expect((await cli(account, down, { killAt })).code).toBe('killed');
    await succeed(account, down);
    expect(resourceIds(account)).toEqual(before);
  });
});

async function killedUp(kill: Interruptions): Promise<void> {
  const account = newMachine();
  expect((await cli(account, up, kill)).code).toBe('killed');
  // The description has the flag.
  await succeed(account, `up ${place} --member name=one,mode=pull`).catch(() => succeed(account, up));
  await readyStatus(account);
  expect(account.region(region).vpcs).toHaveLength(2);
  await succeed(account, down);
  expect(resourceIds(account)).toEqual(before);
}

async function failedFor(account: Account, reason: string): Promise<void> {
  account.state.conditions = [
    { kind: 'stack-resource-fails', stack: stackName, resource: 'NatGateway1', reason, times: 1 },
  ];
  const failed = await cli(account, up);
  expect(failed.code).toBe(4);
  expect(failed.stderr).toContain('VPC karmada-eks-karmada could not be created');
  expect(failed.stderr).toContain(`NatGateway1: ${reason}`);
}

it.runIf(triesMore)('up makes the VPC anew after its stack failed and was rolled back', limit, async () => {
  const account = newMachine();
  await failedFor(account, 'NatGatewayLimitExceeded');
  await account.clock.sleep(600_000, new AbortController().signal);
  const again = await succeed(account, up);
  expect(again.stderr).toContain(`stack ${stackName} is ROLLBACK_COMPLETE: deleting what remains`);
  await succeed(account, down);
  expect(resourceIds(account)).toEqual(before);
});

it.runIf(triesMore)('down takes away a stack that failed, and one that is being made', limit, async () => {
  const account = newMachine();
  await failedFor(account, 'NatGatewayLimitExceeded');
  await succeed(account, down);
  expect(resourceIds(account)).toEqual(before);
  const other = newMachine();
  expect((await cli(other, up, { killAfterMs: 60_000 })).code).toBe('killed');
  expect(findStack(other, region, stackName)?.status).toBe('CREATE_IN_PROGRESS');
  await succeed(other, down);
  expect(resourceIds(other)).toEqual(before);
});

it.runIf(triesMore)(
  'something that comes into the VPC while it is deleted is told, and down goes on',
  limit,
  async () => {
    const account = newMachine();
    await succeed(account, up);
    account.state.conditions = [];
    const { vpcs } = account.region(region);
    const vpcId = vpcs.at(-1)?.id ?? '';
    const kill = gone.events.length - 4;
    expect((await cli(account, down, { killAt: kill })).code).toBe('killed');
    account.region(region).securityGroups.push({ id: 'sg-0aa', vpcId, name: 'late', tags: {} });
    await account.clock.sleep(600_000, new AbortController().signal);
    const stuck = await cli(account, down);
    expect([4, 5]).toContain(stuck.code);
    expect(stuck.stderr).toContain('sg-0aa');
    const groups = account.region(region).securityGroups;
    account.region(region).securityGroups = groups.filter(({ id }) => id !== 'sg-0aa');
    await succeed(account, down);
    expect(resourceIds(account)).toEqual(before);
  },
);
