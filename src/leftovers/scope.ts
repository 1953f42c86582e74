/** What is needed to decide who owns the resources of one region, and what is deleted together with what. */

import type { Stack } from '../aws/cloudformation.js';
import type { Cluster } from '../aws/eks.js';
import type { Tags } from '../aws/tags.js';
import type { Clients } from '../clients/clients.js';
import type { Fleet } from '../fleet/fleet.js';
import { fleetTag } from '../fleet/names.js';
import type { RememberedClusters } from '../ownership/cluster-lifetimes.js';
import { clusterVerdict, lifetimesOf } from '../ownership/cluster-ownership.js';
import { ownersIn } from '../ownership/cluster-tags.js';
import { judge, type Lifetime, type Verdict } from '../ownership/ownership.js';
import { regionClusters } from '../ownership/region-clusters.js';
import type { AwsPlace } from '../world/place.js';
import type { Leftover } from './leftover.js';

/** A region of an account with what is needed to distinguish the fleet's resources from others. */
export interface LeftoverScope extends AwsPlace {
  readonly clients: Clients;
  readonly fleet: Fleet;
  /** Every existing EKS cluster, by name. */
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly stackList: readonly Stack[];
  /** Their names. */
  readonly stacks: ReadonlySet<string>;
  readonly memory: RememberedClusters;
  /** The lives of the fleet's clusters here. */
  readonly lives: readonly Lifetime[];
  /** Names of clusters that the fleet made and that EKS does not know any more. */
  readonly gone: readonly string[];
}

/** The search: the fleet, and the clusters it certainly created. */
export interface LeftoverQuery {
  readonly fleet: Fleet;
  readonly memory: RememberedClusters;
}

export async function scopeOf(
  clients: Clients,
  { fleet, memory }: LeftoverQuery,
  place: AwsPlace,
): Promise<LeftoverScope> {
  const [found, stackList] = await Promise.all([
    regionClusters(clients, place),
    clients.cloudformation(place).stacks(),
  ]);
  const clusters = new Map(found.map((cluster) => [cluster.name ?? '', cluster]));
  const lives = lifetimesOf({ fleet, memory }, place, stackList);
  return {
    clients,
    fleet,
    region: place.region,
    account: place.account,
    clusters,
    stackList,
    stacks: new Set(stackList.map(({ StackName = '' }) => StackName)),
    memory,
    lives,
    gone: [...new Set(lives.map(({ cluster }) => cluster))].filter((cluster) => !clusters.has(cluster)),
  };
}

/** A thing by what is written on it. */
export interface Marked {
  readonly tags: Tags;
  readonly createdAt?: Date | undefined;
  /** That the fleet itself had it made in a cluster that is kept. */
  readonly proof?: string | undefined;
}

/**
 * Who owns a resource with these tags. In addition to the fleet's tag, those count by which AWS, eksctl, the cloud
 * controller, the CSI driver and the VPC CNI name a cluster. What carries only these, of an existing cluster, goes with
 * that one.
 */
export function judgeThing(scope: LeftoverScope, { tags, createdAt, proof }: Marked): Verdict {
  const { fleet, lives, clusters } = scope;
  const owners = ownersIn(tags);
  const standing = owners.filter((owner) => clusters.has(owner));
  const tag = tags[fleetTag];
  const goes = tag === undefined && standing.length > 0;
  return judge(fleet.id, lives, {
    tag,
    clusters: owners,
    marked: owners.length > 0,
    createdAt,
    existed: false,
    clusterIsOthers: goes || (proof === undefined && standing.some((owner) => !isOwnCluster(scope, owner))),
    ...(proof === undefined ? {} : { proof }),
  });
}

/** Whether a cluster of this name is there, and surely the fleet's. */
export function isOwnCluster(scope: LeftoverScope, cluster: string): boolean {
  const { fleet, memory, region, account, clusters, stackList } = scope;
  const found = clusters.get(cluster);
  const claimant = { fleet, memory };
  return (
    found !== undefined && clusterVerdict(claimant, { cluster, region, account, found }, stackList).whose === 'ours'
  );
}

/** The verdict as a leftover has it; undefined: it is none. */
export function leftoverOf({ whose, evidence }: Verdict): Pick<Leftover, 'whose' | 'evidence'> | undefined {
  return whose === 'not ours' ? undefined : { whose, evidence };
}

/** What is deleted with an existing cluster or stack is not a separate leftover. */
export function isDeletedWithCluster({ clusters, stacks }: LeftoverScope, tags: Tags): boolean {
  const stack = tags['aws:cloudformation:stack-name'];
  const cluster = tags['aws:eks:cluster-name'] ?? tags['eks:cluster-name'];
  return (stack !== undefined && stacks.has(stack)) || (cluster !== undefined && clusters.has(cluster));
}
