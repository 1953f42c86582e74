/**
 * The clusters that a fleet created, each with its creation and deletion time, including those that are gone: from this
 * machine's record and their stacks, because EKS forgets them.
 */

import type { Stack } from '../aws/cloudformation.js';
import { tagsIn } from '../aws/tags.js';
import type { Clients } from '../clients/clients.js';
import { clustersOf, type EksCluster, type Fleet, isSameEksCluster } from '../fleet/fleet.js';
import { fleetTag } from '../fleet/names.js';
import { clusterKey, type Ownership } from '../model/facts.js';
import { type AwsPlace, differentPlaces } from '../world/place.js';
import type { Lifetime } from './ownership.js';

/** A cluster by its name in EKS. */
export type ClusterPlace = EksCluster;

/** One life of a cluster that the fleet made; a name that was used twice has two. */
export type MadeCluster = Lifetime & ClusterPlace;

/** What this machine remembers of a fleet's clusters. */
export interface RememberedClusters {
  readonly made: readonly MadeCluster[];
  /** Those that were there before the fleet, which nothing makes its own. */
  readonly existed: readonly ClusterPlace[];
  /** What clusters reported about users' volumes before they were deleted. */
  readonly volumes: readonly RememberedVolume[];
}

/** A volume, and its reclaim policy in Kubernetes, which EC2 does not know. */
export interface RememberedVolume {
  readonly id: string;
  /** `Delete`, `Retain`; `unknown` if its cluster could not be read before its deletion. */
  readonly policy: string;
}

/** The tag of eksctl on all that it makes for a cluster (eksctl 0.230.0, v1alpha5/types.go). */
export const eksctlTag = 'alpha.eksctl.io/cluster-name';

/** The name that eksctl gives the stack of a control plane. */
export function clusterStack(cluster: string): string {
  return `eksctl-${cluster}-cluster`;
}

/**
 * The clusters whose own stack is among these with the fleet's tag: eksctl makes that one only for a cluster that it makes, and
 * it stays when the cluster is deleted without it.
 */
export function madeByStacks(
  fleetId: string,
  { region, account }: AwsPlace,
  stacks: readonly Stack[],
): readonly MadeCluster[] {
  return stacks.flatMap(({ StackName, Tags, CreationTime }) => {
    const tags = tagsIn(Tags);
    const cluster = tags[eksctlTag] ?? '';
    const isOurs = tags[fleetTag] === fleetId && StackName === clusterStack(cluster);
    return isOurs ? [{ cluster, region, account, since: CreationTime?.getTime(), by: 'stack' as const }] : [];
  });
}

/** In the regions of these clusters. */
export async function readMadeByStacks(
  clients: Clients,
  fleetId: string,
  clusters: readonly ClusterPlace[],
): Promise<readonly MadeCluster[]> {
  const found = await Promise.all(
    differentPlaces(clusters).map(async (place) =>
      madeByStacks(fleetId, place, await clients.cloudformation(place).stacks()),
    ),
  );
  return found.flat();
}

/** What is to be remembered when a run begins that makes all clusters of the fleet that are absent. */
export function rememberMaking(
  { made, existed, volumes }: RememberedClusters,
  fleet: Fleet,
  ownership: ReadonlyMap<string, Ownership>,
  now: number,
): RememberedClusters {
  const stateOf = (place: ClusterPlace): Ownership | undefined => ownership.get(clusterKey(place));
  const clusters = clustersOf(fleet).map(({ cluster, region, account }) => ({ cluster, region, account }));
  const begun = clusters.flatMap((place): readonly MadeCluster[] => {
    const before = made.filter((life) => isSameEksCluster(life, place));
    const isOpen = before.some(({ until }) => until === undefined);
    const state = stateOf(place);
    if (isOpen || state === undefined || state === 'existing') return [];
    return [{ ...place, since: state === 'absent' ? now : before.at(-1)?.until, by: 'record' }];
  });
  return {
    // A name that is somebody else's now is not the fleet's any more, and nor is what that cluster leaves.
    made: [...made.filter((life) => stateOf(life) !== 'existing'), ...begun],
    existed: [
      ...existed.filter((place) => !['absent', 'existing'].includes(stateOf(place) ?? '')),
      ...clusters.filter((place) => stateOf(place) === 'existing'),
    ],
    volumes,
  };
}

/**
 * What to record at the start of a run that deletes clusters, including what only their stacks show. A cluster that is
 * gone, with its stack, has ended by now.
 */
export function rememberEnding(
  { made, ...others }: RememberedClusters,
  stacks: readonly MadeCluster[],
  ownership: ReadonlyMap<string, Ownership>,
  now: number,
): RememberedClusters {
  const isThere = (life: MadeCluster): boolean =>
    stacks.some((stack) => isSameEksCluster(stack, life)) || ownership.get(clusterKey(life)) !== 'absent';
  const told = stacks.filter(
    (stack) => !made.some((life) => isSameEksCluster(life, stack) && life.until === undefined),
  );
  const kept = made.filter((life) => ownership.get(clusterKey(life)) !== 'existing');
  return {
    made: ended([...kept, ...told.map((life) => ({ ...life, by: 'record' as const }))], isThere, now),
    ...others,
  };
}

/** Records what clusters report about users' volumes: once these are gone, it is unknown what is to be retained. */
export function rememberVolumes(
  memory: RememberedClusters,
  found: readonly { readonly id: string; readonly policy: string | undefined }[],
): RememberedClusters {
  const policies = new Map(memory.volumes.map(({ id, policy }) => [id, policy]));
  for (const { id, policy } of found) if (policy !== undefined) policies.set(id, policy);
  return { ...memory, volumes: [...policies].map(([id, policy]) => ({ id, policy })) };
}

/**
 * What a cluster reported about its volumes before its deletion, by id, replacing what was known before. For others,
 * such as etcd's, only that they are to be retained.
 */
export function rememberLast(
  known: readonly RememberedVolume[],
  ids: readonly string[],
  told: ReadonlyMap<string, string>,
): readonly RememberedVolume[] {
  const before = new Set(known.map(({ id }) => id));
  const isNew = (id: string): boolean => !before.has(id) && (told.get(id) ?? 'Delete') !== 'Delete';
  return [
    ...known.map(({ id, policy }) => ({ id, policy: ids.includes(id) ? (told.get(id) ?? 'unknown') : policy })),
    ...ids.filter(isNew).map((id) => ({ id, policy: told.get(id) ?? '' })),
  ];
}

/** After these clusters were deleted: what is younger of their names is somebody else's. */
export function rememberDeleted(
  memory: RememberedClusters,
  deleted: readonly ClusterPlace[],
  now: number,
): RememberedClusters {
  const isThere = (life: MadeCluster): boolean => !deleted.some((cluster) => isSameEksCluster(cluster, life));
  return { ...memory, made: ended(memory.made, isThere, now) };
}

/** Gives those that have no end yet, and are there no more, their end. */
function ended(
  made: readonly MadeCluster[],
  isThere: (life: MadeCluster) => boolean,
  now: number,
): readonly MadeCluster[] {
  return made.map((life) => (life.until !== undefined || isThere(life) ? life : { ...life, until: now }));
}
