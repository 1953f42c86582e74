/** What carries the fleet's tag or one of its clusters': their rules, and what `down --remove-leftovers` deletes. */

import type { Fleet, FleetCluster } from '../fleet/fleet.js';
import { clusterKey, type Facts } from '../model/facts.js';
import { cniTag, ownedTag } from '../ownership/cluster-tags.js';
import { rolesOf } from './role-statements.js';
import { allConditions, allow, arnOf, hasFleetTag, hasTag, inRegions, regionsIn, type Statement } from './statement.js';

/** By patterns where all that they match is as harmless: IAM takes few characters, and this stands in the policy once a cluster. */
const deletions: readonly string[] = [
  'ec2:DeleteNetworkInterface',
  'ec2:DeleteSecurityGroup',
  'ec2:DeleteVolume',
  'elasticloadbalancing:Delete*',
];

/** eksctl's stacks open groups of their own, which carry the fleet's tag, and that of EKS, which carries the cluster's. */
const rules: readonly string[] = ['ec2:*SecurityGroupIngress'];

/** `made` are the clusters that the plan makes; things of one that existed before are no leftovers, but for rules in it. */
export function leftoverStatements(fleet: Fleet, facts: Facts, made: readonly FleetCluster[]): readonly Statement[] {
  const { parent } = fleet;
  const isExisting = facts.ownership.get(clusterKey(parent)) === 'existing';
  return [
    allow('OwnThings', made.length > 0 ? [...deletions, ...rules] : deletions, '*', hasFleetTag(fleet.id)),
    ...made.map((cluster, index) => allow(`OwnThings${index + 1}`, [...deletions, ...rules], '*', isOwnedBy(cluster))),
    ...(made.length > 0 ? ofMadeClusters(fleet, facts, made) : []),
    ...(isExisting ? [allow('LeftRules', ['ec2:RevokeSecurityGroupIngress'], '*', isOwnedBy(parent))] : []),
  ];
}

function isOwnedBy({ cluster, region }: FleetCluster): NonNullable<Statement['Condition']> {
  return allConditions(hasTag(ownedTag(cluster), ['owned']), inRegions([region]));
}

function ofMadeClusters(fleet: Fleet, facts: Facts, made: readonly FleetCluster[]): readonly Statement[] {
  const interfaces = regionsIn(made).map((region, index) => {
    const names = made.filter((each) => each.region === region).map(({ cluster }) => cluster);
    const condition = allConditions(hasTag(cniTag, names), inRegions([region]));
    return allow(`LeftInterfaces${index + 1}`, ['ec2:DeleteNetworkInterface'], '*', condition);
  });
  return [
    ...interfaces,
    allow(
      'LeftLogGroups',
      ['logs:DeleteLogGroup'],
      made.map(({ cluster, region }) => arnOf(facts, 'logs', region, `log-group:/aws/eks/${cluster}/cluster:*`)),
    ),
    allow(
      'LeftRoles',
      ['iam:DeleteRole', 'iam:DeleteRolePolicy', 'iam:DetachRolePolicy'],
      [...new Set(made.map((each) => rolesOf(facts, each)))],
      hasFleetTag(fleet.id),
    ),
    // A role cannot go while it is in a profile; EKS names those of node groups `eks-<id>`.
    allow(
      'LeftInstanceProfiles',
      ['iam:RemoveRoleFromInstanceProfile'],
      arnOf(facts, 'iam', '', 'instance-profile/eks-*'),
    ),
  ];
}
