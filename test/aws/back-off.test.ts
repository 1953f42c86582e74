/** Calls of AWS that are refused for their rate: how long they are tried, and what ends that. Times are virtual. */
import { DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { ListClustersCommand } from '@aws-sdk/client-eks';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect, it } from 'vitest';
import { backingOff } from '../../src/aws/back-off.js';
import { readCaller } from '../../src/aws/sts.js';
import { newAccount } from '../../src/rehearsal/account.js';
import type { Fault } from '../../src/rehearsal/faults.js';
import { connect } from '../../src/rehearsal/machine/connect.js';

const region = 'eu-west-1';

/** The clients of a machine whose calls of AWS meet these faults, and how long it has been at work, in s. */
function machine(faults: readonly Fault[], signal = new AbortController().signal) {
  const account = newAccount({ now: 0 });
  const { world, calls } = connect(account, { faults });
  const aws = backingOff(world.aws, { clock: world.clock, signal });
  return { aws, calls, clock: world.clock, seconds: () => account.now() / 1000 };
}

it('asks again until AWS answers, for twenty seconds and more', async () => {
  const { aws, calls, seconds } = machine([{ call: 'aws sts:*', kind: 'throttle', times: 5 }]);
  expect(await readCaller(aws, region)).toMatchObject({ account: '111122223333' });
  // Each refusal takes the SDK 0.75 s; 1 + 2 + 4 + 8 + 16 s are waited.
  expect([calls.length, seconds()]).toEqual([6, 34.75]);
});

it('gives up after a minute with Problem `throttled`', async () => {
  const { aws, calls, seconds } = machine([{ call: 'aws sts:*', kind: 'throttle', times: -1 }]);
  await expect(readCaller(aws, region)).rejects.toMatchObject({ code: 'throttled', why: 'Throttling: Rate exceeded' });
  expect([calls.length, seconds()]).toEqual([7, 68.25]);
});

it('knows the word of each service', async () => {
  const { aws, calls } = machine([{ call: 'aws *', kind: 'throttle', times: 2 }]);
  await aws.ec2(region).send(new DescribeVpcsCommand({}));
  await aws.eks(region).send(new ListClustersCommand({}));
  expect(calls.map(({ key }) => key.split(' ')[1])).toEqual([
    'ec2:DescribeVpcs',
    'ec2:DescribeVpcs',
    'ec2:DescribeVpcs',
    'eks:ListClusters',
  ]);
});

it.each(['expired', 'fail'] as const)('does not ask again after a call that ends with %s', async (kind) => {
  const { aws, calls } = machine([{ call: 'aws sts:*', kind }]);
  await expect(aws.sts(region).send(new GetCallerIdentityCommand({}))).rejects.toThrow();
  expect(calls).toHaveLength(1);
});

it('stops waiting when the user wants everything to stop', async () => {
  const stop = new AbortController();
  const { aws, calls, clock, seconds } = machine([{ call: 'aws sts:*', kind: 'throttle', times: -1 }], stop.signal);
  void clock.sleep(20_000).then(() => stop.abort());
  await expect(readCaller(aws, region)).rejects.toMatchObject({ code: 'interrupted' });
  expect([calls.length, seconds()]).toEqual([5, 20]);
});
