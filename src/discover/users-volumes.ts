/** Volumes of claims in the fleet's own clusters, but for those of Karmada's etcd: users' data, which a deleted cluster leaves behind. */
import pMap from 'p-map';
import { makeEc2Left } from '../aws/ec2-left.js';
import { tagsIn } from '../aws/tags.js';
import { fleetTag } from '../fleet/names.js';
import { persistentVolume } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import type { Clients } from './clients.js';
import { type Claimant, livesOf } from './cluster-verdict.js';
import { volumeUsd } from './leftover-cost.js';
import { ownedTag } from './leftover-scope.js';
import type { ClusterPlace } from './made-clusters.js';
import type { Reach } from './reach.js';
import { describeClaim, usersClaimIn } from './volume-claims.js';
import { judge } from './whose.js';

/** One volume in EC2 with somebody's data. */
export interface UsersVolume {
  readonly id: string;
  readonly region: string;
  readonly cluster: string;
  /** e.g. `shop/data-postgres-0`. */
  readonly claim: string;
  readonly gib: number | undefined;
  /** What is to become of it without its claim: `Delete`, `Retain`; undefined: its cluster is gone, and nobody wrote it down. */
  readonly policy: string | undefined;
  /** USD; undefined: its price is not in the table. */
  readonly usdPerHour: number | undefined;
}

/** Whether a removal may take it: users said of the others that they are to be kept, or nobody knows. */
export function isRemovable({ policy }: UsersVolume): boolean {
  return policy === 'Delete';
}

/** A cluster that goes, or went; `lane`: where it can be talked to. */
interface Going extends ClusterPlace {
  readonly lane?: string;
}

/** Those of the clusters that are surely the fleet's, there or gone. What is retained, and where, is only known to Kubernetes. */
export async function findUsersVolumes(
  clients: Clients,
  claimant: Claimant,
  clusters: readonly Going[],
  lanes: Reach['lanes'],
  call: Call,
): Promise<readonly UsersVolume[]> {
  const { concurrency } = clients;
  const look = (cluster: Going) => volumesOf(clients, claimant, lanes, cluster, call);
  return (await pMap(clusters, look, { concurrency })).flat();
}

async function volumesOf(
  clients: Clients,
  claimant: Claimant,
  lanes: Reach['lanes'],
  { cluster, region, lane }: Going,
  call: Call,
): Promise<readonly UsersVolume[]> {
  const lives = livesOf(claimant, region, []).filter((life) => life.cluster === cluster);
  // What was never the fleet's, or was there before, is not asked for.
  if (lives.length === 0) return [];
  const volumes = await makeEc2Left(clients.world.aws, region).volumes({ key: ownedTag(cluster), values: ['owned'] });
  const found = volumes.flatMap(({ VolumeId: id = '', Size: gib, VolumeType, CreateTime: createdAt, Tags }) => {
    const tags = tagsIn(Tags);
    const claim = usersClaimIn(tags);
    const evidence = { tag: tags[fleetTag], clusters: [cluster], marked: true, createdAt };
    const { whose } = judge(claimant.fleet.id, lives, { ...evidence, existed: false, clusterIsOthers: false });
    if (claim === undefined || whose !== 'ours') return [];
    const usdPerHour = volumeUsd(region, VolumeType, gib);
    return [{ id, region, cluster, claim: describeClaim(claim), gib, usdPerHour }];
  });
  if (found.length === 0) return [];
  const policies = await policiesIn(clients, lane === undefined ? undefined : lanes.get(lane), call);
  const remembered = new Map(claimant.memory.volumes.map(({ id, policy }) => [id, policy]));
  return found.map((volume) => ({ ...volume, policy: policies.get(volume.id) ?? remembered.get(volume.id) }));
}

/** By the id of the volume in EC2; empty for a cluster that does not answer. */
async function policiesIn(
  { kubectl }: Clients,
  access: ReturnType<Reach['lanes']['get']>,
  call: Call,
): Promise<ReadonlyMap<string, string>> {
  if (access === undefined) return new Map();
  const found = await kubectl.list(access, { kind: 'persistentvolumes' }, persistentVolume, call);
  return new Map(
    found.flatMap(({ spec: { csi, persistentVolumeReclaimPolicy: policy } }) =>
      csi === undefined || policy === undefined ? [] : [[csi.volumeHandle, policy] as const],
    ),
  );
}
