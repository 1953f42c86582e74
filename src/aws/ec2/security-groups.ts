/** The security groups of instances, and their rules. */
import { DescribeSecurityGroupRulesCommand, type SecurityGroupRule } from '@aws-sdk/client-ec2';
import type { AwsClients } from '../../world/aws.js';
import type { AwsPlace } from '../../world/place.js';
import { listInstances, where, wholeList } from './lists.js';

export type { SecurityGroupRule };

/** Ids of the groups of these instances, of those that exist; EC2 takes at most 200. */
export async function groupsOfInstances(
  aws: AwsClients,
  place: AwsPlace,
  instances: readonly string[],
): Promise<readonly string[]> {
  const found = await listInstances(aws, place, where('instance-id', ...instances));
  const groups = found.flatMap(({ SecurityGroups = [] }) => SecurityGroups.flatMap(({ GroupId }) => GroupId ?? []));
  return [...new Set(groups)].sort();
}

/** What groups let in and out; of at least one. */
export async function securityGroupRules(
  aws: AwsClients,
  place: AwsPlace,
  groups: readonly string[],
): Promise<readonly SecurityGroupRule[]> {
  const Filters = [where('group-id', ...groups)];
  return await wholeList(
    place,
    'security group rules',
    (NextToken) => aws.ec2(place).send(new DescribeSecurityGroupRulesCommand({ Filters, NextToken })),
    (page) => page.SecurityGroupRules,
  );
}
