/** Decides what in a region is surely the fleet's: what carries its tag, or belongs to a cluster that it made and that is gone. */
import type { Cluster } from '../aws/eks.js';
import type { Tags } from '../aws/tags.js';
import type { Fleet } from '../fleet/fleet.js';
import { fleetTag } from '../fleet/names.js';
import type { Clients } from './clients.js';
import type { MadeCluster } from './made-clusters.js';
import { regionClusters } from './region-clusters.js';

/** A region with what is needed to tell the fleet's things from others. */
export interface LeftoverScope {
  readonly clients: Clients;
  readonly fleet: Fleet;
  readonly region: string;
  /** Every EKS cluster that is there, by name. */
  readonly clusters: ReadonlyMap<string, Cluster>;
  /** Names of the stacks that are there. */
  readonly stacks: ReadonlySet<string>;
  /** Clusters that the fleet made and that EKS does not know any more, by name. */
  readonly gone: ReadonlyMap<string, MadeCluster>;
}

/** What is looked for: of which fleet, and which clusters it surely made. */
export interface LeftoverWish {
  readonly fleet: Fleet;
  readonly made: readonly MadeCluster[];
}

export async function scopeOf(clients: Clients, { fleet, made }: LeftoverWish, region: string): Promise<LeftoverScope> {
  const [found, stacks] = await Promise.all([regionClusters(clients, region), clients.cloudformation(region).stacks()]);
  const clusters = new Map(found.map((cluster) => [cluster.name ?? '', cluster]));
  const gone = made.filter((each) => each.region === region && !clusters.has(each.cluster));
  return {
    clients,
    fleet,
    region,
    clusters,
    stacks: new Set(stacks.map(({ StackName = '' }) => StackName)),
    gone: new Map(gone.map((each) => [each.cluster, each])),
  };
}

/** Clocks of this machine and of AWS may differ by so much, in ms. */
const slackMs = 5 * 60_000;

/**
 * Whether something with these tags is the fleet's. The fleet's tag decides; without any fleet's tag the tags do by which
 * AWS, eksctl, the cloud controller, the CSI driver and the VPC CNI name a cluster, when that is one of `gone` and the thing is not older.
 */
export function isOurs({ fleet, gone }: LeftoverScope, tags: Tags, createdAt?: Date): boolean {
  const marked = tags[fleetTag];
  if (marked !== undefined) return marked === fleet.id;
  const owners = ownersIn(tags);
  return (
    owners.length > 0 &&
    owners.every((owner) => {
      const made = gone.get(owner);
      return made !== undefined && isYounger(made, createdAt);
    })
  );
}

/** Whether a thing can be of this cluster, and not of an older one of the same name. */
export function isYounger({ since }: MadeCluster, createdAt: Date | undefined): boolean {
  return since === undefined || createdAt === undefined || createdAt.getTime() + slackMs >= since;
}

/** What goes with a cluster or a stack that is still there is no leftover of its own. */
export function goesAlong({ clusters, stacks }: LeftoverScope, tags: Tags): boolean {
  const stack = tags['aws:cloudformation:stack-name'];
  const cluster = tags['aws:eks:cluster-name'] ?? tags['eks:cluster-name'];
  return (stack !== undefined && stacks.has(stack)) || (cluster !== undefined && clusters.has(cluster));
}

/** The tag by which the cloud controller and the CSI driver name a cluster; its value is `owned` for what they made. */
export function ownedTag(cluster: string): string {
  return `${ownedPrefix}${cluster}`;
}

/** The tag of the VPC CNI (amazon-vpc-cni-k8s, README, `CLUSTER_NAME`). */
export const cniTag = 'cluster.k8s.amazonaws.com/name';

/** The tag of eksctl on all that it makes (eksctl 0.230.0, v1alpha5/types.go). */
const eksctlTag = 'alpha.eksctl.io/cluster-name';

const ownedPrefix = 'kubernetes.io/cluster/';

/** Names of the clusters that the tags speak of. */
export function ownersIn(tags: Tags): readonly string[] {
  const owned = Object.entries(tags).flatMap(([key, value]) =>
    key.startsWith(ownedPrefix) && value === 'owned' ? [key.slice(ownedPrefix.length)] : [],
  );
  return [...owned, ...['aws:eks:cluster-name', cniTag, eksctlTag].flatMap((key) => tags[key] ?? [])];
}
