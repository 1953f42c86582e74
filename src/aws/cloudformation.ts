/** CloudFormation stacks: those that eksctl leaves behind when it fails, and the fleet's own. */
import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import type { AwsClients } from '../world/aws.js';
import { type Place, placeName } from '../world/place.js';
import { answerOf, answerOrMissing } from './call.js';
import { allPages } from './pages.js';

export type { Stack };

export type CloudFormation = ReturnType<typeof makeCloudFormation>;

export interface NewStack {
  readonly name: string;
  /** JSON. */
  readonly template: string;
  /** CloudFormation gives them to the stack and to what it makes. */
  readonly tags: Readonly<Record<string, string>>;
  readonly token: string;
}

/** CloudFormation in one region. */
export function makeCloudFormation(aws: AwsClients, place: Place) {
  const client = aws.cloudformation(place);
  const missing = (name: string, message: string): boolean =>
    name === 'ValidationError' && message.includes('does not exist');
  return {
    stack: async (StackName: string): Promise<Stack | undefined> => {
      const command = new DescribeStacksCommand({ StackName });
      const answer = await answerOrMissing(
        `reading stack ${StackName} in ${placeName(place)}`,
        missing,
        client.send(command),
      );
      const stack = answer?.Stacks?.[0];
      return stack?.StackStatus === 'DELETE_COMPLETE' ? undefined : stack;
    },
    /** All stacks that are not deleted. */
    stacks: () =>
      allPages(async (NextToken) => {
        const command = new DescribeStacksCommand({ NextToken });
        const page = await answerOf(`listing stacks in ${placeName(place)}`, client.send(command));
        const alive = (page.Stacks ?? []).filter((stack) => stack.StackStatus !== 'DELETE_COMPLETE');
        return { items: alive, next: page.NextToken };
      }),
    /** The reasons why resources failed, newest first, without those that were only cancelled. */
    failures: async (StackName: string): Promise<readonly string[]> => {
      const command = new DescribeStackEventsCommand({ StackName });
      const what = `reading the events of stack ${StackName} in ${placeName(place)}`;
      const answer = await answerOrMissing(what, missing, client.send(command));
      const events = answer?.StackEvents ?? [];
      const reasons = events
        // The stack's own failure only names the resources that failed; their reasons are what matters.
        .filter((event) => event.ResourceStatus?.endsWith('_FAILED') && event.LogicalResourceId !== StackName)
        .map(
          (event) => `${event.LogicalResourceId ?? 'a resource'}: ${event.ResourceStatusReason ?? 'no reason given'}`,
        )
        .filter((reason) => !reason.includes('Resource creation cancelled'));
      return [...new Set(reasons)];
    },
    /** Starts the creation; with the same token a second call starts none (API Reference, CreateStack). */
    createStack: async ({ name, template, tags, token }: NewStack): Promise<void> => {
      const command = new CreateStackCommand({
        StackName: name,
        TemplateBody: template,
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        ClientRequestToken: token,
      });
      await answerOf(`creating stack ${name} in ${placeName(place)}`, client.send(command));
    },
    /** Starts the deletion of a stack that has no termination protection. @throws Problem of AWS where it has */
    deleteUnprotected: async (StackName: string): Promise<void> => {
      const what = `deleting stack ${StackName} in ${placeName(place)}`;
      await answerOf(what, client.send(new DeleteStackCommand({ StackName })));
    },
    /** Disables termination protection, which eksctl enables for each stack (since 0.218), and starts the deletion. */
    deleteStack: async (StackName: string): Promise<void> => {
      const protection = new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false });
      const what = `deleting stack ${StackName} in ${placeName(place)}`;
      const found = await answerOrMissing(what, missing, client.send(protection));
      if (found !== undefined) await answerOf(what, client.send(new DeleteStackCommand({ StackName })));
    },
  };
}
