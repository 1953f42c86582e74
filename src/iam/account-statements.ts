/** Members of other accounts: the roles that are assumed, and what each of them needs in its own account. */

import { clustersOf, type Fleet, type FleetMemberCluster } from '../fleet/fleet.js';
import { allow, type IamPolicy, type Statement } from './statement.js';

/** Exactly the roles of the members. */
export function assumedRoles(fleet: Fleet): readonly Statement[] {
  const roles = [...rolesIn(fleet).keys()];
  return roles.length === 0 ? [] : [allow('OtherAccounts', ['sts:AssumeRole'], roles)];
}

/** What a role needs in its account. */
export interface RolePolicy {
  /** Twelve digits. */
  readonly account: string;
  /** ARN. */
  readonly role: string;
  readonly policy: IamPolicy;
}

/** One for each role. Their clusters existed before: they are read, in AWS, and nothing there is changed. */
export function rolePolicies(fleet: Fleet): readonly RolePolicy[] {
  return [...rolesIn(fleet)].map(([role, clusters]) => ({
    account: clusters[0]?.account?.id ?? '',
    role,
    policy: {
      Version: '2012-10-17',
      Statement: [allow('Clusters', ['eks:DescribeAddon', 'eks:DescribeCluster'], clusters.flatMap(arnsOf)), reads],
    },
  }));
}

/** None of these actions supports resources that are known beforehand. */
const reads = allow(
  'Read',
  [
    'cloudformation:DescribeStacks',
    'ec2:DescribeAvailabilityZones',
    'ec2:DescribeInstanceTypeOfferings',
    'ec2:DescribeNatGateways',
    'ec2:DescribeRouteTables',
    'ec2:DescribeSubnets',
    'ec2:DescribeVpcAttribute',
    'ec2:DescribeVpcs',
  ],
  '*',
);

/** By their ARNs, with the clusters that each is for. */
function rolesIn(fleet: Fleet): ReadonlyMap<string, readonly FleetMemberCluster[]> {
  const found = new Map<string, readonly FleetMemberCluster[]>();
  for (const cluster of clustersOf(fleet)) {
    const { role } = cluster.account ?? {};
    if (role !== undefined) found.set(role, [...(found.get(role) ?? []), cluster]);
  }
  return found;
}

function arnsOf({ cluster, region, account }: FleetMemberCluster): readonly string[] {
  const partition = account?.role.split(':')[1] ?? 'aws';
  const prefix = `arn:${partition}:eks:${region}:${account?.id ?? ''}`;
  return [`${prefix}:addon/${cluster}/*`, `${prefix}:cluster/${cluster}`];
}
