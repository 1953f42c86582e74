/** Who owns an EKS cluster or one of eksctl's stacks: gathers the evidence for `judge`. */

import type { Stack } from '../aws/cloudformation.js';
import type { Cluster } from '../aws/eks.js';
import { tagsIn } from '../aws/tags.js';
import type { Clients } from '../clients/clients.js';
import { type Fleet, isSameEksCluster, withFormer } from '../fleet/fleet.js';
import { fleetTag } from '../fleet/names.js';
import { type AwsPlace, isSamePlace } from '../world/place.js';
import {
  type ClusterPlace,
  clusterStack,
  eksctlTag,
  madeByStacks,
  type RememberedClusters,
} from './cluster-lifetimes.js';
import { judge, type Lifetime, type Verdict } from './ownership.js';

/** A fleet, and what this machine remembers of its clusters. */
export interface Claimant {
  readonly fleet: Fleet;
  readonly memory: RememberedClusters;
}

/** A cluster of EKS under its name. */
export interface FoundCluster extends ClusterPlace {
  readonly found: Cluster;
}

/** By the record, and where that does not prove it by the cluster's own stack. */
export async function judgeCluster(
  { cloudformation }: Pick<Clients, 'cloudformation'>,
  claimant: Claimant,
  cluster: FoundCluster,
): Promise<Verdict> {
  const recorded = clusterVerdict(claimant, cluster, []);
  const isSettled = recorded.whose === 'ours' || cluster.found.tags?.[fleetTag] !== claimant.fleet.id;
  if (isSettled) return recorded;
  const stack = await cloudformation(cluster).stack(clusterStack(cluster.cluster));
  return clusterVerdict(claimant, cluster, stack === undefined ? [] : [stack]);
}

/** `stacks`: those of its region, or its own. */
export function clusterVerdict(claimant: Claimant, cluster: FoundCluster, stacks: readonly Stack[]): Verdict {
  return judge(claimant.fleet.id, lifetimesOf(claimant, cluster, stacks), {
    tag: cluster.found.tags?.[fleetTag],
    clusters: [cluster.cluster],
    marked: false,
    createdAt: cluster.found.createdAt,
    existed: existedBefore(claimant, cluster),
    clusterIsOthers: false,
  });
}

/**
 * A stack is one of a cluster's when eksctl named it after that very cluster: the name alone may be that of a longer one. While a
 * cluster of somebody else has the name, nothing of it is deleted: CloudFormation would delete that cluster, for it knows
 * clusters by their names (AWS::EKS::Cluster, `Ref` returns the name).
 */
export function stackVerdict(
  claimant: Claimant,
  {
    place: { region, account },
    stack,
    standing,
  }: { readonly place: AwsPlace; readonly stack: Stack; readonly standing: Cluster | undefined },
  stacks: readonly Stack[],
): Verdict {
  const cluster = clusterOfStack(stack);
  const tag = tagsIn(stack.Tags)[fleetTag];
  const place = cluster === undefined ? undefined : { cluster, region, account };
  const others =
    place !== undefined &&
    standing !== undefined &&
    clusterVerdict(claimant, { ...place, found: standing }, stacks).whose !== 'ours';
  return judge(claimant.fleet.id, lifetimesOf(claimant, { region, account }, stacks), {
    tag,
    clusters: cluster === undefined ? [] : [cluster],
    marked: false,
    createdAt: stack.CreationTime,
    existed: place !== undefined && existedBefore(claimant, place),
    clusterIsOthers: others,
  });
}

/** The cluster that eksctl made a stack for, by the stack's tag and its name; undefined: it is none of eksctl's. */
export function clusterOfStack({ StackName = '', Tags }: Pick<Stack, 'StackName' | 'Tags'>): string | undefined {
  const cluster = tagsIn(Tags)[eksctlTag];
  return cluster !== undefined && StackName.startsWith(`eksctl-${cluster}-`) ? cluster : undefined;
}

/** The lives of the fleet's clusters in a region, by the record and by the stacks that are there. */
export function lifetimesOf(
  { fleet, memory }: Claimant,
  place: AwsPlace,
  stacks: readonly Stack[],
): readonly Lifetime[] {
  return [...memory.made.filter((life) => isSamePlace(life, place)), ...madeByStacks(fleet.id, place, stacks)];
}

/** According to the record or the description: such a cluster is never deleted, whatever tags it carries. */
function existedBefore({ fleet, memory }: Claimant, place: ClusterPlace): boolean {
  const described = withFormer(fleet).members.some(
    (member) => member.kind === 'eks' && member.existing && isSameEksCluster(member, place),
  );
  return described || memory.existed.some((each) => isSameEksCluster(each, place));
}
