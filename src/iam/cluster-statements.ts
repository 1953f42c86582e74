/** What eksctl needs to create and delete a fleet's own clusters: the clusters, their parts, and their stacks. */

import type { Fleet, FleetCluster } from '../fleet/fleet.js';
import { fleetTag } from '../fleet/names.js';
import type { Facts } from '../model/facts.js';
import {
  allConditions,
  allow,
  arnOf,
  givesTag,
  hasFleetTag,
  hasTag,
  regionsIn,
  type Statement,
  throughStacks,
} from './statement.js';

/** eksctl gives a provider its own tags, not those of the cluster (eksctl 0.230.0, pkg/eks/eks.go, `sharedTags`). */
const providerTag = 'alpha.eksctl.io/cluster-name';

/** Clusters and stacks are known by the fleet's tag and their names, parts by their cluster's name, which is in their ARN. */
export function clusterStatements(fleet: Fleet, facts: Facts, made: readonly FleetCluster[]): readonly Statement[] {
  const clusters = made.map((each) => clusterArn(facts, each));
  const parts = made.flatMap((each) =>
    ['nodegroup', 'addon', 'access-entry'].map((part) => partArn(facts, each, part)),
  );
  return [
    allow(
      'NewClusters',
      ['eks:CreateCluster', 'eks:TagResource'],
      clusters,
      // By hand the tag could be put on a cluster of this name that somebody else made meanwhile.
      allConditions(throughStacks, givesTag(fleetTag, [fleet.id])),
    ),
    allow('Clusters', ['eks:*'], clusters, hasFleetTag(fleet.id)),
    allow('ClusterParts', ['eks:*'], parts),
    ...newStacks(fleet, facts, made, '*'),
    allow(
      'Stacks',
      ['cloudformation:DeleteStack', 'cloudformation:GetTemplate', 'cloudformation:UpdateTerminationProtection'],
      made.map((each) => stackArn(facts, each, '*')),
      hasFleetTag(fleet.id),
    ),
  ];
}

/**
 * Stacks by the beginnings of their names after `eksctl-<cluster>-`. CloudFormation asks for `TagResource` too when a stack is made with
 * tags (Service Authorization Reference); which one may be made is said already, so that statement names no cluster.
 */
export function newStacks(
  { id }: Fleet,
  facts: Facts,
  clusters: readonly FleetCluster[],
  names: string,
  prefix = '',
): readonly Statement[] {
  const stacks = clusters.map((each) => stackArn(facts, each, names));
  const tag = givesTag(fleetTag, [id]);
  const onCreation = { StringEquals: { 'cloudformation:CreateAction': ['CreateStack'] } };
  return [
    allow(`${prefix}NewStacks`, ['cloudformation:CreateStack'], stacks, tag),
    allow(
      `${prefix}NewStackTags`,
      ['cloudformation:TagResource'],
      stacksIn(facts, clusters),
      allConditions(tag, onCreation),
    ),
  ];
}

/** The tag that `associate-iam-oidc-provider` sets (eksctl 0.230.0, pkg/ctl/utils/associate_iam_oidc_provider.go). */
export const oidcTag = 'alpha.eksctl.io/cluster-oidc-enabled';

/** All stacks of eksctl, in the regions of these clusters. */
function stacksIn(facts: Facts, clusters: readonly FleetCluster[]): readonly string[] {
  return regionsIn(clusters).map((region) => arnOf(facts, 'cloudformation', region, 'stack/eksctl-*/*'));
}

/** A group is scaled through EKS itself (eksctl 0.230.0, pkg/actions/nodegroup/scale.go). */
export function scaledNodes(facts: Facts, scaled: readonly FleetCluster[]): readonly Statement[] {
  if (scaled.length === 0) return [];
  const groups = scaled.map((cluster) => partArn(facts, cluster, 'nodegroup'));
  return [allow('NodeCounts', ['eks:UpdateNodegroupConfig'], groups)];
}

/**
 * The name of a provider is known only when its cluster is there. `used` are all clusters that get one, `made` those whose
 * provider goes with them. By region, because a cluster of another region may have the name of one of these.
 */
export function oidcProviders(
  facts: Facts,
  used: readonly FleetCluster[],
  made: readonly FleetCluster[],
): readonly Statement[] {
  return regionsIn(used).flatMap((region, index) => {
    const namesOf = (clusters: readonly FleetCluster[]): readonly string[] =>
      clusters.filter((each) => each.region === region).map(({ cluster }) => cluster);
    const arn = arnOf(facts, 'iam', '', `oidc-provider/oidc.eks.${region}.*`);
    const actions = ['iam:CreateOpenIDConnectProvider', 'iam:TagOpenIDConnectProvider'];
    const gone = namesOf(made);
    // One that exists must be of these clusters already: else the tag could be put on any, to delete it.
    const names = allConditions(givesTag(providerTag, namesOf(used)), {
      StringEqualsIfExists: { [`aws:ResourceTag/${providerTag}`]: namesOf(used) },
    });
    return [
      allow(`NewOidcProviders${index + 1}`, actions, arn, names),
      ...(gone.length === 0
        ? []
        : [allow(`OidcProviders${index + 1}`, ['iam:DeleteOpenIDConnectProvider'], arn, hasTag(providerTag, gone))]),
    ];
  });
}

/** A tag of a cluster that the fleet made; no other tag of it, and no other cluster. */
export function clusterTag(fleet: Fleet, facts: Facts, cluster: FleetCluster, key: string): Statement {
  const condition = allConditions(hasFleetTag(fleet.id), { 'ForAllValues:StringEquals': { 'aws:TagKeys': [key] } });
  return allow('RegionsTag', ['eks:TagResource'], clusterArn(facts, cluster), condition);
}

export function clusterArn(facts: Facts, { cluster, region }: FleetCluster): string {
  return arnOf(facts, 'eks', region, `cluster/${cluster}`);
}

/** All parts of a kind; `within` is the part's name where only that one is meant. */
export function partArn(facts: Facts, { cluster, region }: FleetCluster, kind: string, within = ''): string {
  return arnOf(facts, 'eks', region, `${kind}/${cluster}/${within === '' ? '' : `${within}/`}*`);
}

/** eksctl calls every stack of a cluster `eksctl-<cluster>-…`. */
export function stackArn(facts: Facts, { cluster, region }: FleetCluster, rest: string): string {
  return arnOf(facts, 'cloudformation', region, `stack/eksctl-${cluster}-${rest}/*`);
}
