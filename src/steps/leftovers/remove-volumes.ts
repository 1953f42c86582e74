/**
 * Deletes volumes with users' data that were listed and agreed to, after the clusters that used them; never retained
 * ones.
 */

import pMap from 'p-map';
import { makeEc2Leftovers } from '../../aws/ec2/ec2-leftovers.js';
import { tagsIn } from '../../aws/tags.js';
import type { Destruction } from '../../engine/destruction.js';
import type { Step } from '../../engine/step.js';
import { counted } from '../../errors/counted.js';
import { claimOf, isRemovable, type UsersVolume } from '../../leftovers/users-volumes.js';
import { clusterKey } from '../../model/facts.js';
import { ownersIn } from '../../ownership/cluster-tags.js';
import { readRememberedClusters } from '../../ownership/fleet-record.js';
import { type AwsPlace, differentPlaces, isSamePlace, placeKey, placeName } from '../../world/place.js';
import { type FleetContext, seconds } from '../context.js';
import { onceFree } from './remove-leftover.js';

/** Volumes deleted in parallel. */
const concurrency = 5;

/** One step per region of an account, for when all clusters are deleted. */
export function removeVolumes(context: FleetContext, volumes: readonly UsersVolume[]): readonly Step[] {
  const removable = volumes.filter(isRemovable);
  return differentPlaces(removable).map((place) =>
    stepFor(
      context,
      place,
      removable.filter((volume) => isSamePlace(volume, place)),
    ),
  );
}

function stepFor(context: FleetContext, place: AwsPlace, volumes: readonly UsersVolume[]): Step {
  return {
    id: `remove-volumes/${placeKey(place)}`,
    title: `delete ${counted(volumes.length, 'volume')} with users’ data in ${placeName(place)}`,
    scope: 'fleet',
    expectedMs: seconds(10),
    preview: () => ({ changes: volumes.map((volume) => `volume ${nameOf(volume)}, ${holdsOf(volume)}`), commands: [] }),
    check: async () => ((await still(context, place, volumes)).length === 0 ? { state: 'ready' } : { state: 'absent' }),
    destroys: async () => (await still(context, place, volumes)).map(destruction),
    apply: async (call) => {
      const ec2 = makeEc2Leftovers(context.clients.world.aws, place);
      const remove = async (volume: UsersVolume): Promise<void> => {
        // Each once more right before: the others take their time.
        if ((await still(context, place, [volume])).length === 0) return;
        await onceFree(context, call, ['VolumeInUse'], () => ec2.deleteVolume(volume.id));
      };
      await pMap(volumes, remove, { concurrency });
    },
  };
}

/** Those that are there, and still what was listed: of this claim, in this cluster, and not to be kept. */
async function still(
  context: FleetContext,
  place: AwsPlace,
  volumes: readonly UsersVolume[],
): Promise<readonly UsersVolume[]> {
  const [found, kept] = await Promise.all([
    context.clients.ec2(place).volumes(volumes.map(({ id }) => id)),
    keptSince(context, volumes),
  ]);
  const deletable = volumes.filter(({ id }) => !kept.has(id));
  return deletable.filter(({ id, claim, cluster }) =>
    found.some(({ VolumeId, Tags }) => {
      const tags = tagsIn(Tags);
      return VolumeId === id && claimOf(tags) === claim && ownersIn(tags).includes(cluster);
    }),
  );
}

/** Those whose clusters told as they went that they are not to be deleted, or did not tell; what is there is told by the list. */
async function keptSince(
  { clients, paths, fleet }: FleetContext,
  volumes: readonly UsersVolume[],
): Promise<ReadonlySet<string>> {
  const clusters = [...new Map(volumes.map((volume) => [clusterKey(volume), volume])).values()];
  const gone = await pMap(clusters, async (each) =>
    (await clients.eks(each).cluster(each.cluster)) === undefined ? [clusterKey(each)] : [],
  );
  const { volumes: known } = await readRememberedClusters(clients.world.files, paths, fleet);
  const noted = new Map(known.map(({ id, policy }) => [id, policy]));
  const isKept = (volume: UsersVolume): boolean =>
    gone.flat().includes(clusterKey(volume)) && (noted.get(volume.id) ?? volume.policy) !== 'Delete';
  return new Set(volumes.filter(isKept).map(({ id }) => id));
}

function destruction(volume: UsersVolume): Destruction {
  const evidence = `users’ data in EKS cluster ${volume.cluster}: reclaim policy ${volume.policy ?? ''}`;
  return {
    how: 'delete',
    kind: 'volume',
    name: nameOf(volume),
    holds: [holdsOf(volume)],
    evidence,
    flag: '--remove-volumes',
  };
}

function nameOf(volume: UsersVolume): string {
  return `${volume.id} in ${placeName(volume)}`;
}

function holdsOf({ gib, claim }: UsersVolume): string {
  return `${gib ?? '?'} GiB of claim ${claim}`;
}
