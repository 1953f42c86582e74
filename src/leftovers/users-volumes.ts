/**
 * Volumes of the fleet's own clusters, except those of Karmada's etcd and the disks of nodes: users' data, which a
 * deleted cluster leaves behind.
 */

import pMap from 'p-map';
import type { FleetAccess } from '../access/fleet-access.js';
import { makeEc2Leftovers } from '../aws/ec2/ec2-leftovers.js';
import { type Tags, tagsIn } from '../aws/tags.js';
import type { Clients } from '../clients/clients.js';
import { fleetTag } from '../fleet/names.js';
import type { ClusterPlace } from '../ownership/cluster-lifetimes.js';
import { type Claimant, lifetimesOf } from '../ownership/cluster-ownership.js';
import { ownedTag } from '../ownership/cluster-tags.js';
import { judge } from '../ownership/ownership.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { persistentVolume } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import type { AccountRole } from '../world/place.js';
import { volumeUsd } from './cost.js';
import { claimIn, describeClaim, isEtcdClaim, isRootDisk } from './volume-claims.js';

/** One volume in EC2 with somebody's data. */
export interface UsersVolume {
  readonly id: string;
  readonly region: string;
  readonly account: AccountRole | undefined;
  readonly cluster: string;
  /** e.g. `shop/data-postgres-0`; `not known` if the driver does not tag it. */
  readonly claim: string;
  readonly gib: number | undefined;
  /**
   * Its reclaim policy: `Delete`, `Retain`; undefined if its cluster cannot be read, or is gone and it was not
   * recorded.
   */
  readonly policy: string | undefined;
  /** USD; undefined: its price is not in the table. */
  readonly usdPerHour: number | undefined;
}

/** Whether it may be deleted: the others are to be retained, or it is unknown. */
export function isRemovable({ policy }: UsersVolume): boolean {
  return policy === 'Delete';
}

/** A cluster that is deleted, or went; `scope`: where it can be talked to. */
interface Going extends ClusterPlace {
  readonly scope?: string;
}

/** Those of the clusters that are surely the fleet's, there or gone. What is retained, and where, is only known to Kubernetes. */
export async function findUsersVolumes(
  clients: Clients,
  claimant: Claimant,
  clusters: readonly Going[],
  apis: FleetAccess['apis'],
  call: Call,
): Promise<readonly UsersVolume[]> {
  const { concurrency } = clients;
  const look = (cluster: Going) => volumesOf(clients, claimant, apis, cluster, call);
  return (await pMap(clusters, look, { concurrency })).flat();
}

async function volumesOf(
  clients: Clients,
  claimant: Claimant,
  apis: FleetAccess['apis'],
  { cluster, region, account, scope }: Going,
  call: Call,
): Promise<readonly UsersVolume[]> {
  const place = { region, account };
  const lives = lifetimesOf(claimant, place, []).filter((life) => life.cluster === cluster);
  // What was never the fleet's, or existed before, is not read.
  if (lives.length === 0) return [];
  const volumes = await makeEc2Leftovers(clients.world.aws, place).volumes({
    key: ownedTag(cluster),
    values: ['owned'],
  });
  const lasting = volumes.filter((volume) => !isRootDisk(volume));
  const found = lasting.flatMap(({ VolumeId: id = '', Size: gib, VolumeType, CreateTime: createdAt, Tags }) => {
    const tags = tagsIn(Tags);
    const claim = claimIn(tags);
    const evidence = { tag: tags[fleetTag], clusters: [cluster], marked: true, createdAt };
    const { whose } = judge(claimant.fleet.id, lives, { ...evidence, existed: false, clusterIsOthers: false });
    if (whose !== 'ours' || (claim !== undefined && isEtcdClaim(claim))) return [];
    const usdPerHour = volumeUsd(region, VolumeType, gib);
    return [{ id, region, account, cluster, claim: claimOf(tags), gib, usdPerHour }];
  });
  if (found.length === 0) return [];
  const access = scope === undefined ? undefined : apis.get(scope);
  // An existing cluster may have been changed since.
  const isThere = (await clients.eks(place).cluster(cluster)) !== undefined;
  const remembered = new Map(claimant.memory.volumes.map(({ id, policy }) => [id, policy]));
  const policies = access !== undefined ? await policiesIn(clients, access, call) : isThere ? new Map() : remembered;
  return found.map((volume) => ({ ...volume, policy: policies.get(volume.id) }));
}

/** Its claim for people, by its tags. */
export function claimOf(tags: Tags): string {
  const claim = claimIn(tags);
  return claim === undefined ? 'not known' : describeClaim(claim);
}

/** The reclaim policies of a cluster's volumes, by their ids in EC2. */
export async function policiesIn(
  { kubectl }: Pick<Clients, 'kubectl'>,
  access: KubeAccess,
  call: Call,
): Promise<ReadonlyMap<string, string>> {
  const found = await kubectl.list(access, { kind: 'persistentvolumes' }, persistentVolume, call);
  return new Map(
    found.flatMap(({ spec: { csi, awsElasticBlockStore, persistentVolumeReclaimPolicy: policy } }) => {
      const id = csi?.volumeHandle ?? awsElasticBlockStore?.volumeID.split('/').at(-1);
      return id === undefined || policy === undefined ? [] : [[id, policy] as const];
    }),
  );
}
