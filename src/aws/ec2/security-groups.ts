/** The security groups of instances, and their rules. */
import {
  DescribeInstancesCommand,
  DescribeSecurityGroupRulesCommand,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import type { AwsClients } from '../../world/aws.js';
import { type AwsPlace, placeName } from '../../world/place.js';
import { answerOf } from '../call.js';
import { allPages } from '../pages.js';

export type { SecurityGroupRule };

/** Ids of the groups of these instances, of those that exist; EC2 takes at most 200. */
export async function groupsOfInstances(
  aws: AwsClients,
  place: AwsPlace,
  instances: readonly string[],
): Promise<readonly string[]> {
  // A filter, because requesting an id that does not exist is an error.
  const Filters = [{ Name: 'instance-id', Values: [...instances] }];
  const found = await allPages(async (NextToken) => {
    const command = new DescribeInstancesCommand({ Filters, NextToken });
    const page = await answerOf(`listing instances in ${placeName(place)}`, aws.ec2(place).send(command));
    return { items: page.Reservations?.flatMap(({ Instances }) => Instances ?? []) ?? [], next: page.NextToken };
  });
  const groups = found.flatMap(({ SecurityGroups = [] }) => SecurityGroups.flatMap(({ GroupId }) => GroupId ?? []));
  return [...new Set(groups)].sort();
}

/** What groups let in and out; of at least one. */
export async function securityGroupRules(
  aws: AwsClients,
  place: AwsPlace,
  groups: readonly string[],
): Promise<readonly SecurityGroupRule[]> {
  const Filters = [{ Name: 'group-id', Values: [...groups] }];
  return await allPages(async (NextToken) => {
    const command = new DescribeSecurityGroupRulesCommand({ Filters, NextToken });
    const page = await answerOf(`listing security group rules in ${placeName(place)}`, aws.ec2(place).send(command));
    return { items: page.SecurityGroupRules ?? [], next: page.NextToken };
  });
}
