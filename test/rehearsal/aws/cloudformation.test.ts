/** The simulated CloudFormation: pages, events, deleted stacks. */
import {
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { expect, it } from 'vitest';
import { createStack } from '../../../src/rehearsal/account/stacks.js';
import { region, rig } from '../rig.js';

function rigWithStacks(count: number) {
  const made = rig();
  for (let index = 0; index < count; index += 1) {
    const name = `eksctl-demo-addon-${index}`;
    const makes = { kind: 'role' as const, cluster: 'demo', name, roles: [] };
    createStack(made.account, { region, name, tags: { fleet: 'demo' }, makes, duration: 1000 });
  }
  return { ...made, cloudformation: made.world.aws.cloudformation(region) };
}

it('lists stacks in pages, with their tags', async () => {
  const { cloudformation } = rigWithStacks(6);
  const first = await cloudformation.send(new DescribeStacksCommand({}));
  const second = await cloudformation.send(new DescribeStacksCommand({ NextToken: first.NextToken }));
  expect([first.Stacks?.length, second.Stacks?.length, second.NextToken]).toEqual([5, 1, undefined]);
  expect(first.Stacks?.[0]).toMatchObject({
    StackStatus: 'CREATE_IN_PROGRESS',
    Tags: [{ Key: 'fleet', Value: 'demo' }],
    EnableTerminationProtection: true,
  });
});

it('tells events newest first, and knows a deleted stack by its id alone', async () => {
  const { cloudformation, world } = rigWithStacks(1);
  const StackName = 'eksctl-demo-addon-0';
  await world.clock.sleep(2000);
  const { StackEvents } = await cloudformation.send(new DescribeStackEventsCommand({ StackName }));
  expect(StackEvents?.map((event) => event.ResourceStatus)).toEqual([
    'CREATE_COMPLETE',
    'CREATE_COMPLETE',
    'CREATE_IN_PROGRESS',
  ]);
  const id = StackEvents?.[0]?.StackId ?? '';
  await cloudformation.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false }));
  await cloudformation.send(new DeleteStackCommand({ StackName }));
  await world.clock.sleep(60_000);
  expect((await cloudformation.send(new DescribeStacksCommand({}))).Stacks).toEqual([]);
  const byId = await cloudformation.send(new DescribeStacksCommand({ StackName: id }));
  expect(byId.Stacks?.[0]?.StackStatus).toBe('DELETE_COMPLETE');
  await expect(cloudformation.send(new DescribeStackEventsCommand({ StackName }))).rejects.toMatchObject({
    name: 'ValidationError',
  });
  await cloudformation.send(new DeleteStackCommand({ StackName }));
});
