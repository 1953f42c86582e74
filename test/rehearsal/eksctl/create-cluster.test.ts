/** `eksctl create cluster`, as recorded with eksctl 0.230.0. */

import { DescribeStackEventsCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeAddonCommand, DescribeClusterCommand, DescribeNodegroupCommand } from '@aws-sdk/client-eks';
import { expect, it } from 'vitest';
import { eksctlCommands } from '../../../src/tools/eksctl/commands.js';
import { config, exited, region, rig } from '../rig.js';

it('makes control plane, add-ons, nodes and the EBS role, in about 20 minutes', async () => {
  const { run, vpc, world, account } = rig();
  const start = account.now();
  const result = exited(await run(eksctlCommands.createCluster(config(vpc))));
  expect(result.code).toBe(0);
  expect(result.stderr).toBe('');
  expect(result.stdout).toMatch(/^2026-11-22 12:00:\d\d \[ℹ\] {2}eksctl version 0\.230\.0/);
  for (const marker of [
    'building cluster stack "eksctl-demo-cluster"',
    'deploying stack "eksctl-demo-nodegroup-ng"',
    'waiting for CloudFormation stack "eksctl-demo-cluster"',
    'creating addon: aws-ebs-csi-driver',
    'EKS cluster "demo" in "us-west-2" region is ready',
  ]) {
    expect(result.stdout).toContain(marker);
  }
  expect(result.stdout.match(/node ".*" is ready/g)).toHaveLength(3);
  const minutes = (account.now() - start) / 60_000;
  expect(minutes).toBeGreaterThan(17);
  expect(minutes).toBeLessThan(26);

  const eks = world.aws.eks(region);
  const { cluster } = await eks.send(new DescribeClusterCommand({ name: 'demo' }));
  expect(cluster).toMatchObject({ status: 'ACTIVE', version: '1.35', tags: { fleet: 'demo' } });
  expect(cluster?.tags).toHaveProperty(['alpha.eksctl.io/cluster-name'], 'demo');
  const { nodegroup } = await eks.send(new DescribeNodegroupCommand({ clusterName: 'demo', nodegroupName: 'ng' }));
  expect(nodegroup?.status).toBe('ACTIVE');
  expect(nodegroup?.tags).toHaveProperty(['alpha.eksctl.io/nodegroup-name'], 'ng');
  const { addon } = await eks.send(new DescribeAddonCommand({ clusterName: 'demo', addonName: 'aws-ebs-csi-driver' }));
  expect(addon?.status).toBe('ACTIVE');
  expect(addon?.serviceAccountRoleArn).toMatch(/role\/eksctl-demo-addon-aws-ebs-csi-driver-Role1-/);
  const { Stacks } = await world.aws.cloudformation(region).send(new DescribeStacksCommand({}));
  expect(Stacks?.every((stack) => stack.EnableTerminationProtection)).toBe(true);
});

it('never resumes: a second create fails while the stack is there', async () => {
  const { run, vpc } = rig();
  await run(eksctlCommands.createCluster(config(vpc)));
  const again = exited(await run(eksctlCommands.createCluster(config(vpc))));
  expect(again.code).toBe(1);
  expect(again.stdout).toContain('AlreadyExistsException: Stack [eksctl-demo-cluster] already exists');
  expect(again.stderr).toBe('Error: failed to create cluster "demo"\n');
});

it('shows why a control plane failed, leaves ROLLBACK_COMPLETE, and cannot delete that', async () => {
  const { run, vpc, world, account } = rig();
  account.state.conditions.push({ kind: 'control-plane-fails', cluster: 'demo', reason: 'no capacity', times: 1 });
  const result = exited(await run(eksctlCommands.createCluster(config(vpc))));
  expect(result.code).toBe(1);
  expect(result.stdout).toContain('[✖]  AWS::EKS::Cluster/ControlPlane: CREATE_FAILED –\u00a0"no capacity"');
  const stack = { StackName: 'eksctl-demo-cluster' };
  const { Stacks } = await world.aws.cloudformation(region).send(new DescribeStacksCommand(stack));
  expect(Stacks?.[0]?.StackStatus).toBe('ROLLBACK_COMPLETE');
  const deletion = exited(await run(eksctlCommands.deleteCluster({ name: 'demo', region })));
  expect(deletion.code).toBe(1);
  expect(deletion.stderr).toMatch(/unable to describe cluster control plane.*ResourceNotFoundException/);
});

it('gives no reason for a failed node group; delete and create the group, and it is there', async () => {
  const { run, vpc, world, account } = rig();
  account.state.conditions.push({ kind: 'node-group-fails', cluster: 'demo', reason: 'VcpuLimitExceeded', times: 1 });
  const wanted = config(vpc);
  const result = exited(await run(eksctlCommands.createCluster(wanted)));
  expect(result.code).toBe(1);
  expect(result.stdout).toContain('[✖]  waiter state transitioned to Failure');
  expect(result.stdout).not.toContain('VcpuLimitExceeded');
  const eks = world.aws.eks(region);
  expect((await eks.send(new DescribeClusterCommand({ name: 'demo' }))).cluster?.status).toBe('ACTIVE');
  const events = { StackName: 'eksctl-demo-nodegroup-ng' };
  const { StackEvents } = await world.aws.cloudformation(region).send(new DescribeStackEventsCommand(events));
  expect(StackEvents?.map((event) => event.ResourceStatusReason)).toContain('VcpuLimitExceeded');

  const skipped = exited(await run(eksctlCommands.createNodegroup(wanted)));
  expect(skipped.code).toBe(0);
  expect(skipped.stdout).toContain('created 0 managed nodegroup(s)');

  expect(exited(await run(eksctlCommands.deleteNodegroup(wanted))).code).toBe(0);
  expect(exited(await run(eksctlCommands.createNodegroup(wanted))).code).toBe(0);
  const group = await eks.send(new DescribeNodegroupCommand({ clusterName: 'demo', nodegroupName: 'ng' }));
  expect(group.nodegroup?.status).toBe('ACTIVE');
});

it.each([
  ['no-auto-assign', false, 'does not automatically assign public IP'],
  ['no-nat', true, 'Instances failed to join the kubernetes cluster'],
] as const)('fails the nodes of a VPC that is %s', async (variant, privateNetworking, reason) => {
  const { run, vpc, account } = rig({}, variant);
  const wanted = config(vpc);
  const groups = (wanted.managedNodeGroups ?? []).map((group) => ({ ...group, privateNetworking }));
  expect(exited(await run(eksctlCommands.createCluster({ ...wanted, managedNodeGroups: groups }))).code).toBe(1);
  const stack = account.region(region).stacks.find(({ name }) => name.endsWith('nodegroup-ng'));
  expect(stack?.events.map((event) => event.reason).join()).toContain(reason);
});

it.each([
  ['a field it does not know', { metadata: { name: 'demo', region, colour: 'red' } }, 'unknown field "colour"'],
  [
    'a version that EKS has not',
    { metadata: { name: 'demo', region, version: '1.29' } },
    '1.29 is no longer supported',
  ],
  [
    'one subnet only',
    { vpc: { id: 'vpc-1', subnets: { private: { 'us-west-2a': { id: 'subnet-1' } } } } },
    'insufficient number of subnets, at least 2x public and/or 2x private',
  ],
  [
    'an unknown subnet',
    { vpc: { id: 'vpc-1', subnets: { private: { 'us-west-2a': { id: 's-1' }, 'us-west-2b': { id: 's-2' } } } } },
    'InvalidSubnetID.NotFound',
  ],
])('refuses %s before it makes anything', async (_what, change, message) => {
  const { run, vpc, account } = rig();
  const stdin = JSON.stringify({ ...config(vpc), ...change });
  const result = exited(await run({ ...eksctlCommands.createCluster(config(vpc)), stdin }));
  expect(result.code).toBe(1);
  expect(result.stderr).toMatch(/^Error: /);
  expect(result.stderr).toContain(message);
  expect(account.region(region).stacks).toEqual([]);
});
