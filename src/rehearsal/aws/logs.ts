/** The simulated CloudWatch Logs: log groups by name; what is in them is not modelled. */
import type { DeleteLogGroupCommandInput, DescribeLogGroupsCommandInput } from '@aws-sdk/client-cloudwatch-logs';
import { AwsError, operation, page, type Service } from './answer.js';

export const logs: Service = {
  DescribeLogGroupsCommand: operation((input: DescribeLogGroupsCommandInput, { region }) => {
    const asked = region.logGroups.filter(({ name }) => name.startsWith(input.logGroupNamePrefix ?? ''));
    const { items, next } = page(asked, input.nextToken);
    const logGroups = items.map(({ name, createdAt, storedBytes }) => ({
      logGroupName: name,
      creationTime: createdAt,
      storedBytes,
    }));
    return { logGroups, nextToken: next };
  }),

  DeleteLogGroupCommand: operation((input: DeleteLogGroupCommandInput, { region }) => {
    if (!region.logGroups.some(({ name }) => name === input.logGroupName)) {
      throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
    }
    region.logGroups = region.logGroups.filter(({ name }) => name !== input.logGroupName);
    return {};
  }),
};
