/** The clusters that a fleet made, also those that are gone: by this machine's record and by their stacks, for EKS forgets them. */

import { tagsIn } from '../aws/tags.js';
import { clustersOf, type Fleet } from '../fleet/fleet.js';
import { fleetTag } from '../fleet/names.js';
import type { Clients } from './clients.js';
import { clusterKey, type Ownership } from './facts.js';
import type { Reach } from './reach.js';

/** A cluster that carried the fleet's tag, or that a run of this machine began to make. */
export interface MadeCluster {
  readonly cluster: string;
  readonly region: string;
  /** When its creation began, in ms since the epoch; undefined: not known. */
  readonly since: number | undefined;
}

/** What is to be remembered when a run begins that makes all clusters of the fleet that are absent. */
export function madeFrom(
  known: readonly MadeCluster[],
  fleet: Fleet,
  ownership: ReadonlyMap<string, Ownership>,
  now: number,
): readonly MadeCluster[] {
  return merged(
    known,
    fleet,
    ownership,
    ({ state, before }) => before?.since ?? (state === 'absent' ? now : undefined),
  );
}

/**
 * The clusters whose own stack is there with the fleet's tag: eksctl makes that one only for a cluster that it makes, and it stays when
 * the cluster is deleted without it.
 */
export async function madeByStacks(clients: Clients, fleet: Fleet): Promise<readonly MadeCluster[]> {
  const regions = [...new Set(clustersOf(fleet).map(({ region }) => region))];
  const found = await Promise.all(
    regions.map(async (region) => {
      const stacks = await clients.cloudformation(region).stacks();
      return stacks.flatMap(({ StackName, Tags, CreationTime }) => {
        const tags = tagsIn(Tags);
        const cluster = tags['alpha.eksctl.io/cluster-name'] ?? '';
        const isOurs = tags[fleetTag] === fleet.id && StackName === `eksctl-${cluster}-cluster`;
        return isOurs ? [{ cluster, region, since: CreationTime?.getTime() }] : [];
      });
    }),
  );
  return found.flat();
}

/** What is known when a run begins that takes the fleet away; `reach` is from before anything went. */
export function madeUntil(known: readonly MadeCluster[], fleet: Fleet, reach: Reach): readonly MadeCluster[] {
  const remembered = new Set(known.map(keyOf));
  const ownership = new Map([...reach.ownership].filter(([key, state]) => state !== 'absent' || remembered.has(key)));
  return merged(known, fleet, ownership, ({ key, before }) => {
    return before?.since ?? reach.clusters.get(key)?.createdAt?.getTime();
  });
}

interface Known {
  readonly key: string;
  readonly state: Ownership;
  readonly before: MadeCluster | undefined;
}

/** A name that is somebody else's now is not the fleet's any more, and nor is what that cluster leaves. */
function merged(
  known: readonly MadeCluster[],
  fleet: Fleet,
  ownership: ReadonlyMap<string, Ownership>,
  sinceOf: (one: Known) => number | undefined,
): readonly MadeCluster[] {
  const made = new Map(known.map((each) => [keyOf(each), each]));
  for (const { cluster, region } of clustersOf(fleet)) {
    const key = keyOf({ cluster, region });
    const state = ownership.get(key);
    if (state === 'existing') made.delete(key);
    else if (state !== undefined)
      made.set(key, { cluster, region, since: sinceOf({ key, state, before: made.get(key) }) });
  }
  return [...made.values()];
}

function keyOf({ cluster, region }: Pick<MadeCluster, 'cluster' | 'region'>): string {
  return clusterKey({ cluster, region, vpc: '' });
}
