/** Faults: each kind, counted and skipped, and the journal of calls. */

import { DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { ListClustersCommand } from '@aws-sdk/client-eks';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect, it } from 'vitest';
import type { Fault } from '../../src/rehearsal/faults.js';
import { eksctlCommands } from '../../src/tools/eksctl/commands.js';
import { cli } from '../lifecycle/cli.js';
import { newMachine, smallUp } from '../lifecycle/fleet.js';
import { config, exited, region, rig, rigOn } from './rig.js';

const create = 'exec eksctl create cluster demo';

function withFault(fault: Fault) {
  return rig({ faults: [fault] });
}

it('records every call by its key', async () => {
  const { run, vpc, world, calls, account } = rig();
  const at = account.now();
  await world.aws.ec2(region).send(new DescribeVpcsCommand({}));
  await world.files.write('/x', '');
  await run(eksctlCommands.createCluster(config(vpc)));
  expect(calls).toEqual([
    { key: 'aws ec2:DescribeVpcs us-west-2', at },
    { key: 'file write /x', at },
    { key: create, at },
  ]);
});

it('fails the calls it is told to, and no others', async () => {
  const call = 'aws eks:ListClusters *';
  const { world } = withFault({ call, kind: 'fail', code: 'AccessDeniedException', skip: 1, times: 2 });
  const outcome = (): Promise<string> =>
    world.aws
      .eks(region)
      .send(new ListClustersCommand({}))
      .then(
        () => 'answered',
        (error: Error) => error.name,
      );
  const outcomes = [await outcome(), await outcome(), await outcome(), await outcome()];
  expect(outcomes).toEqual(['answered', 'AccessDeniedException', 'AccessDeniedException', 'answered']);
});

it('knows how each service words expired credentials and throttling', async () => {
  const { world } = rig({ faults: [{ call: 'aws ec2:*', kind: 'throttle' }], credentialsExpireAt: 0 });
  const ec2 = world.aws.ec2(region);
  await expect(ec2.send(new DescribeVpcsCommand({}))).rejects.toMatchObject({ name: 'RequestLimitExceeded' });
  await expect(ec2.send(new DescribeVpcsCommand({}))).rejects.toMatchObject({ name: 'RequestExpired' });
  const eks = world.aws.eks(region).send(new ListClustersCommand({}));
  await expect(eks).rejects.toMatchObject({ name: 'ExpiredTokenException' });
  const sts = world.aws.sts(region).send(new GetCallerIdentityCommand({}));
  await expect(sts).rejects.toMatchObject({ name: 'ExpiredToken' });
});

it('lets eksctl lose its credentials while it waits, and the stack go on', async () => {
  const { account } = rig();
  const { run, vpc, world, account: mine } = rig({ credentialsExpireAt: account.now() + 300_000 });
  const result = exited(await run(eksctlCommands.createCluster(config(vpc))));
  expect(result.code).toBe(1);
  expect(result.stdout).toContain('ExpiredToken');
  await world.clock.sleep(900_000);
  expect(mine.region(region).stacks[0]?.settlesAt).toBeLessThan(mine.now());
});

it('hangs until the time limit, with AWS until the caller gives up', async () => {
  const { run, world, account } = rig({
    faults: [
      { call: 'exec eksctl version', kind: 'hang' },
      { call: 'aws sts:*', kind: 'hang' },
    ],
  });
  const start = account.now();
  expect((await run(eksctlCommands.version(), { timeoutMs: 9000 })).kind).toBe('timed-out');
  expect(account.now() - start).toBe(9000);
  const sts = world.aws.sts(region).send(new GetCallerIdentityCommand({}));
  await expect(sts).rejects.toMatchObject({ name: 'TimeoutError' });
});

it('kills a program half-way, with half its work done', async () => {
  const { run, vpc, account } = withFault({ call: create, kind: 'die-half-way' });
  const start = account.now();
  const result = exited(await run(eksctlCommands.createCluster(config(vpc))));
  expect(result.code).toBe(137);
  expect((account.now() - start) / 60_000).toBeGreaterThan(8);
  expect((account.now() - start) / 60_000).toBeLessThan(14);
  expect(account.region(region).stacks).toHaveLength(1);
});

it('pretends success, or prints nonsense', async () => {
  const { run, vpc, account } = rig({
    faults: [
      { call: create, kind: 'no-effect' },
      { call: 'exec eksctl version', kind: 'garbage' },
    ],
  });
  expect(exited(await run(eksctlCommands.createCluster(config(vpc))))).toEqual({
    kind: 'exited',
    code: 0,
    stdout: '',
    stderr: '',
  });
  expect(account.region(region).stacks).toEqual([]);
  expect(exited(await run(eksctlCommands.version())).stdout).toContain('<html>');
});

it('fails a program or a file operation with its message', async () => {
  const { run, world } = rig({
    faults: [
      { call: 'exec eksctl *', kind: 'fail', message: 'Error: no' },
      { call: 'file write /home/you/*', kind: 'fail' },
    ],
  });
  expect(exited(await run(eksctlCommands.version()))).toMatchObject({ code: 1, stderr: 'Error: no\n' });
  await expect(world.files.write('/home/you/x', '')).rejects.toMatchObject({ code: 'file-failed' });
  await world.files.write('/home/you/x', '');
});

it('reads nonsense, and writes and removes nothing that it says it did', async () => {
  const { world } = rig({
    faults: [
      { call: 'file read /x', kind: 'garbage', skip: 1 },
      { call: ['file write *', 'file remove *'], kind: 'no-effect', times: 2, skip: 1 },
    ],
  });
  const { files } = world;
  expect(await files.read('/x')).toBeUndefined();
  await files.write('/x', 'first');
  await files.write('/x', 'second');
  await files.remove('/x');
  expect(await files.read('/x')).toContain('<html>');
  expect(await files.read('/x')).toBe('first');
});

it('gives a file up that does not respond', async () => {
  const { world, account } = withFault({ call: 'file read /x', kind: 'hang' });
  const start = account.now();
  await expect(world.files.read('/x')).rejects.toMatchObject({ code: 'file-timed-out' });
  expect(account.now() - start).toBe(30_000);
});

it.each([
  ['a write', 'write', { '/x': 'old', '/x.1-1.new': 'ne' }],
  ['an append', 'append', { '/x': 'oldne' }],
] as const)('kills the process in the middle of %s', async (_, operation, left) => {
  const { world, account, ended } = withFault({ call: `file ${operation} /x`, kind: 'die-half-way' });
  account.state.files['/x'] = 'old';
  void world.files[operation]('/x', 'new!');
  expect(ended.aborted).toBe(true);
  expect(account.state.files).toEqual(left);
  await rigOn(account).world.files.write('/x', 'new!');
  expect(account.state.files).toEqual({ '/x': 'new!' });
});

it('lets a program end with what Linux says of a full disk', async () => {
  const faults = [{ call: 'file tool-write */karmada-apiserver.config', kind: 'fail' }] as const;
  const { code, stderr } = await cli(newMachine(), smallUp, { faults });
  expect(code).toBe(4);
  expect(stderr).toContain('karmada-apiserver.config: ENOSPC: no space left on device');
});
