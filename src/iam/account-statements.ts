/** Members of other accounts: the roles that are assumed, and what each of them needs in its own account. */

import { principalOf } from '../aws/refused-role.js';
import {
  clustersOf,
  type Fleet,
  type FleetCluster,
  type FleetMemberCluster,
  isSameEksCluster,
} from '../fleet/fleet.js';
import { clusterKey, type Facts } from '../model/facts.js';
import type { EarlierCluster } from '../ownership/earlier-clusters.js';
import { clusterStatements, oidcProviders, scaledNodes } from './cluster-statements.js';
import { leftoverStatements } from './leftover-statements.js';
import { nodeStatements } from './node-statements.js';
import { readsFor } from './reads.js';
import { clusterPolicies, roleStatements, rolesOf } from './role-statements.js';
import { allow, type IamPolicy, type Statement } from './statement.js';
import { unconfinedActions } from './unconfined.js';

/** Exactly the roles of the members, and of what is left of earlier ones. */
export function assumedRoles(fleet: Fleet, earlier: readonly EarlierCluster[]): readonly Statement[] {
  const roles = [...byRole([...clustersOf(fleet), ...earlier]).keys()];
  return roles.length === 0 ? [] : [allow('OtherAccounts', ['sts:AssumeRole'], roles)];
}

/** What a role needs in its account. */
export interface RolePolicy {
  /** Twelve digits. */
  readonly account: string;
  /** ARN. */
  readonly role: string;
  readonly policy: IamPolicy;
  /** Whom it has to trust. */
  readonly trust: TrustPolicy;
  /** What the policy cannot prevent, see `unconfinedActions`. */
  readonly stillPossible: readonly string[];
}

/** As a role has it (IAM User Guide, "Access to AWS accounts owned by third parties"). */
interface TrustPolicy {
  readonly Version: string;
  readonly Statement: readonly [
    {
      readonly Effect: 'Allow';
      readonly Principal: { readonly AWS: string };
      readonly Action: 'sts:AssumeRole';
      readonly Condition?: { readonly StringEquals: { readonly 'sts:ExternalId': string | readonly string[] } };
    },
  ];
}

/** What a plan does to clusters: makes or finishes its own, scales their nodes, uses one that existed before. */
export interface Changes {
  readonly made: readonly FleetCluster[];
  readonly scaled: readonly FleetCluster[];
  readonly adopted: readonly FleetCluster[];
}

/** One for each role. Clusters that existed before are read, in AWS, and nothing of them is changed. */
export function policiesOfRoles(
  fleet: Fleet,
  facts: Facts,
  changes: Changes,
  earlier: readonly EarlierCluster[],
): readonly RolePolicy[] {
  return [...byRole<FleetMemberCluster | EarlierCluster>([...clustersOf(fleet), ...earlier])].map(
    ([role, clusters]) => {
      const account = clusters[0]?.account?.id ?? '';
      const isOwn = (cluster: FleetMemberCluster | EarlierCluster): boolean =>
        'existing' in cluster ? !cluster.existing : facts.ownership.get(clusterKey(cluster)) !== 'existing';
      const own = clusters.filter(isOwn);
      const theirs = clusters.filter((each) => !isOwn(each));
      const among = (all: readonly FleetCluster[]): readonly FleetCluster[] =>
        all.filter((each) => own.some((cluster) => isSameEksCluster(cluster, each)));
      // What stands in the parent's account has nothing to do with this one.
      const there: Facts = { ...facts, caller: { ...facts.caller, account }, ownership: new Map() };
      const Statement = [
        ...(own.length > 0 ? [readsFor(fleet)] : []),
        ...(theirs.length > 0 ? readsOf(theirs) : []),
        ...madeThere(fleet, there, among(changes.made)),
        ...scaledNodes(there, among(changes.scaled)),
      ];
      const trust = trustIn(facts.caller.arn, new Set(clusters.map((each) => each.account?.externalId)));
      const policy: IamPolicy = { Version: '2012-10-17', Statement };
      return { account, role, policy, trust, stillPossible: unconfinedActions(policy) };
    },
  );
}

/** A member that gives no external ID would be refused by a condition, so then there is none. */
function trustIn(caller: string, externalIds: ReadonlySet<string | undefined>): TrustPolicy {
  const given = [...externalIds].filter((id) => id !== undefined);
  const [first = ''] = given;
  const condition = { 'sts:ExternalId': given.length === 1 ? first : given };
  const asked = given.length < externalIds.size ? {} : { Condition: { StringEquals: condition } };
  const trusted = { Effect: 'Allow', Principal: { AWS: principalOf(caller) }, Action: 'sts:AssumeRole' } as const;
  return { Version: '2012-10-17', Statement: [{ ...trusted, ...asked }] };
}

/** What makes clusters in that account, and takes them away: as confined as in the fleet's own. */
function madeThere(fleet: Fleet, there: Facts, made: readonly FleetCluster[]): readonly Statement[] {
  if (made.length === 0) return [];
  const roles = [...new Set(made.map((each) => rolesOf(there, each)))];
  return [
    ...clusterStatements(fleet, there, made),
    ...roleStatements(there, roles, clusterPolicies, fleet.permissionsBoundary),
    ...oidcProviders(there, made, made),
    ...nodeStatements(there, made),
    ...leftoverStatements(fleet, there, made),
  ];
}

function readsOf(clusters: readonly FleetCluster[]): readonly Statement[] {
  return [allow('ExistingClusters', ['eks:DescribeAddon', 'eks:DescribeCluster'], clusters.flatMap(arnsOf)), reads];
}

/** None of these actions supports resources that are known beforehand. */
const reads = allow(
  'ReadNetworks',
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
function byRole<Each extends FleetCluster>(clusters: readonly Each[]): ReadonlyMap<string, readonly Each[]> {
  const found = new Map<string, readonly Each[]>();
  for (const cluster of clusters) {
    const { role } = cluster.account ?? {};
    if (role !== undefined) found.set(role, [...(found.get(role) ?? []), cluster]);
  }
  return found;
}

function arnsOf({ cluster, region, account }: FleetCluster): readonly string[] {
  const partition = account?.role.split(':')[1] ?? 'aws';
  const prefix = `arn:${partition}:eks:${region}:${account?.id ?? ''}`;
  return [`${prefix}:addon/${cluster}/*`, `${prefix}:cluster/${cluster}`];
}
