/** `eksctl delete cluster` and the stacks it leaves, as recorded with eksctl 0.230.0. */
import {
  DeleteStackCommand,
  DescribeStacksCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { expect, it } from 'vitest';
import { eksctlCommands } from '../../../src/tools/eksctl/commands.js';
import { resourceIds } from '../resources.js';
import { admin, config, exited, region, rig } from '../rig.js';

const demo = { name: 'demo', region };

it('takes away everything that create made', async () => {
  const { run, vpc, account } = rig();
  const before = resourceIds(account);
  const entry = admin('arn:aws:iam::111122223333:role/admin');
  await run(eksctlCommands.createCluster(config(vpc, 'demo', { accessConfig: { accessEntries: [entry] } })));
  expect(resourceIds(account)).not.toEqual(before);
  const result = exited(await run(eksctlCommands.deleteCluster(demo)));
  expect(result.code).toBe(0);
  expect(result.stdout).toContain('all cluster resources were deleted');
  expect(resourceIds(account)).toEqual(before);
  const again = exited(await run(eksctlCommands.deleteCluster(demo)));
  expect(again.code).toBe(1);
});

it('says that all is deleted while the control plane is still going, without --wait', async () => {
  const { run, vpc, account } = rig();
  await run(eksctlCommands.createCluster(config(vpc)));
  const command = eksctlCommands.deleteCluster(demo);
  const result = exited(await run({ ...command, args: command.args.filter((arg) => arg !== '--wait') }));
  expect(result.code).toBe(0);
  expect(account.region(region).clusters['demo']?.status).toBe('DELETING');
});

it('cannot try a DELETE_FAILED stack again; CloudFormation can', async () => {
  const { run, vpc, account, world } = rig();
  const stack = 'eksctl-demo-cluster';
  account.state.conditions.push({ kind: 'stack-delete-fails', stack, reason: 'it is in use', times: 1 });
  await run(eksctlCommands.createCluster(config(vpc)));
  const result = exited(await run(eksctlCommands.deleteCluster(demo)));
  expect(result.code).toBe(1);
  expect(result.stdout).toContain('DELETE_FAILED –\u00a0"it is in use"');
  expect(exited(await run(eksctlCommands.deleteCluster(demo))).code).toBe(1);
  const cloudformation = world.aws.cloudformation(region);
  await cloudformation.send(new DeleteStackCommand({ StackName: stack }));
  await world.clock.sleep(10 * 60_000);
  await expect(cloudformation.send(new DescribeStacksCommand({ StackName: stack }))).rejects.toMatchObject({
    name: 'ValidationError',
    message: `Stack with id ${stack} does not exist`,
  });
});

it('passes over a node group stack in DELETE_FAILED, and then cannot delete the control plane', async () => {
  const { run, vpc, account } = rig();
  account.state.conditions.push({
    kind: 'stack-delete-fails',
    stack: 'eksctl-demo-nodegroup-ng',
    reason: 'it is in use',
    times: 1,
  });
  await run(eksctlCommands.createCluster(config(vpc)));
  expect(exited(await run(eksctlCommands.deleteCluster(demo))).code).toBe(1);
  const again = exited(await run(eksctlCommands.deleteCluster(demo)));
  expect(again.code).toBe(1);
  expect(again.stdout).toContain("stack's status of nodegroup named eksctl-demo-nodegroup-ng is DELETE_FAILED");
  expect(again.stdout).toContain('Cluster has nodegroups attached');
  expect(account.region(region).clusters['demo']?.status).toBe('ACTIVE');
});

it('protects stacks: the only way out of a failed control plane', async () => {
  const { run, vpc, account, world } = rig();
  account.state.conditions.push({ kind: 'control-plane-fails', cluster: 'demo', reason: 'no', times: 1 });
  await run(eksctlCommands.createCluster(config(vpc)));
  const StackName = 'eksctl-demo-cluster';
  const cloudformation = world.aws.cloudformation(region);
  await expect(cloudformation.send(new DeleteStackCommand({ StackName }))).rejects.toMatchObject({
    name: 'ValidationError',
  });
  await cloudformation.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false }));
  await cloudformation.send(new DeleteStackCommand({ StackName }));
  await world.clock.sleep(10 * 60_000);
  expect(exited(await run(eksctlCommands.createCluster(config(vpc)))).code).toBe(0);
});
