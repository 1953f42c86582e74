/** What `down --remove-leftovers` needs, confined by the same tags and names by which it tells what is the fleet's. */
import { clusterKey, type Facts } from '../discover/facts.js';
import { cniTag, ownedTag } from '../discover/leftover-scope.js';
import type { Fleet, FleetCluster } from '../fleet/fleet.js';
import { fleetTag } from '../fleet/names.js';
import type { Statement } from './iam-statement.js';

const deletions: readonly string[] = [
  'ec2:DeleteNetworkInterface',
  'ec2:DeleteSecurityGroup',
  'ec2:DeleteVolume',
  'elasticloadbalancing:DeleteLoadBalancer',
  'elasticloadbalancing:DeleteTargetGroup',
];

/** `clusters` are those that the plan changes; things of one that existed before are no leftovers, but for rules in it. */
export function leftoverStatements(
  fleet: Fleet,
  facts: Facts,
  clusters: readonly FleetCluster[],
): readonly Statement[] {
  const isExisting = (cluster: FleetCluster): boolean => facts.ownership.get(clusterKey(cluster)) === 'existing';
  const made = clusters.filter((cluster) => !isExisting(cluster));
  return [
    tagged('LeftWithTag', deletions, fleetTag, [fleet.id]),
    ...made.map(({ cluster }, index) => tagged(`LeftOfCluster${index + 1}`, deletions, ownedTag(cluster), ['owned'])),
    ...(made.length > 0 ? ofMadeClusters(facts, made) : []),
    ...(isExisting(fleet.parent)
      ? [tagged('LeftRules', ['ec2:RevokeSecurityGroupIngress'], ownedTag(fleet.parent.cluster), ['owned'])]
      : []),
  ];
}

function ofMadeClusters({ caller }: Facts, made: readonly FleetCluster[]): readonly Statement[] {
  const { partition, account } = caller;
  const names = [...new Set(made.map(({ cluster }) => cluster))];
  return [
    tagged('LeftInterfaces', ['ec2:DeleteNetworkInterface'], cniTag, names),
    {
      Sid: 'LeftLogGroups',
      Effect: 'Allow',
      Action: ['logs:DeleteLogGroup'],
      Resource: made.map(
        ({ cluster, region }) => `arn:${partition}:logs:${region}:${account}:log-group:/aws/eks/${cluster}/cluster:*`,
      ),
    },
    {
      Sid: 'LeftInstanceProfiles',
      Effect: 'Allow',
      // A role cannot go while it is in a profile; EKS names those of node groups `eks-<id>`.
      Action: ['iam:RemoveRoleFromInstanceProfile'],
      Resource: `arn:${partition}:iam::${account}:instance-profile/eks-*`,
    },
  ];
}

function tagged(Sid: string, Action: readonly string[], key: string, values: readonly string[]): Statement {
  const Condition = { StringEquals: { [`aws:ResourceTag/${key}`]: values } };
  return { Sid, Effect: 'Allow', Action, Resource: '*', Condition };
}
