/** Log groups of CloudWatch Logs, by their exact names. */
import { DeleteLogGroupCommand, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { AwsClients } from '../world/aws.js';
import { type AwsPlace, placeName } from '../world/place.js';
import { answerOf, answerOrMissing } from './call.js';
import { allPages } from './pages.js';

export interface LogGroup {
  readonly name: string;
  readonly createdAt: Date | undefined;
  readonly storedBytes: number;
}

/** Undefined if there is none with exactly this name. */
export async function logGroup(aws: AwsClients, place: AwsPlace, name: string): Promise<LogGroup | undefined> {
  const client = aws.logs(place);
  const found = await allPages(async (nextToken) => {
    const command = new DescribeLogGroupsCommand({ logGroupNamePrefix: name, nextToken });
    const page = await answerOf(`listing log groups in ${placeName(place)}`, client.send(command));
    return { items: page.logGroups ?? [], next: page.nextToken };
  });
  const exact = found.find(({ logGroupName }) => logGroupName === name);
  if (exact === undefined) return undefined;
  const { creationTime, storedBytes = 0 } = exact;
  return { name, createdAt: creationTime === undefined ? undefined : new Date(creationTime), storedBytes };
}

/** Deletes it with its contents; does nothing if there is none. */
export async function deleteLogGroup(aws: AwsClients, place: AwsPlace, logGroupName: string): Promise<void> {
  const missing = (name: string): boolean => name === 'ResourceNotFoundException';
  const command = new DeleteLogGroupCommand({ logGroupName });
  await answerOrMissing(`deleting log group ${logGroupName}`, missing, aws.logs(place).send(command));
}
