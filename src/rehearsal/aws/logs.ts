/** The simulated CloudWatch Logs: log groups by name; what is in them is not modelled. */
import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { AwsError, listing, operation, type Service } from './answer.js';

export const logs: Service = {
  DescribeLogGroupsCommand: operation((input: Logs.DescribeLogGroupsCommandInput, { region }) => {
    const asked = region.logGroups.filter(({ name }) => name.startsWith(input.logGroupNamePrefix ?? ''));
    const shown = asked.map(({ name, createdAt, storedBytes }) => ({
      logGroupName: name,
      creationTime: createdAt,
      storedBytes,
    }));
    return listing('logGroups', shown, input.nextToken, 'nextToken');
  }),

  DeleteLogGroupCommand: operation((input: Logs.DeleteLogGroupCommandInput, { region }) => {
    if (!region.logGroups.some(({ name }) => name === input.logGroupName)) {
      throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
    }
    region.logGroups = region.logGroups.filter(({ name }) => name !== input.logGroupName);
    return {};
  }),
};
