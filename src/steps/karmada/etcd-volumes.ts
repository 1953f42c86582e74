/**
 * The volumes of Karmada's etcd, identified by their claims: they are deleted with these, and `down` waits only for
 * them.
 */
import { isEtcdClaim } from '../../leftovers/volume-claims.js';
import { persistentVolume } from '../../tools/kubectl/objects.js';
import type { Call } from '../../tools/run.js';
import { type FleetContext, parentAccess } from '../context.js';

/** In the parent's Kubernetes and in EC2. */
export interface EtcdVolume {
  /** Of the PersistentVolume. */
  readonly name: string;
  /** EC2's id of it. */
  readonly id: string;
}

/** Those that go with their claims: what is retained stays. Read before the claims go, and also found when these have gone. */
export async function etcdVolumes(context: FleetContext, call: Call): Promise<readonly EtcdVolume[]> {
  const ref = { kind: 'persistentvolumes' };
  const found = await context.clients.kubectl.list(parentAccess(context), ref, persistentVolume, call);
  return found.flatMap(({ metadata: { name }, spec: { claimRef, csi, persistentVolumeReclaimPolicy } }) => {
    const isEtcd = claimRef !== undefined && isEtcdClaim({ namespace: claimRef.namespace ?? '', name: claimRef.name });
    return isEtcd && csi !== undefined && persistentVolumeReclaimPolicy === 'Delete'
      ? [{ name, id: csi.volumeHandle }]
      : [];
  });
}

/** Whether Kubernetes has released all of them, and EC2 has none of them any more. */
export async function areDeleted(context: FleetContext, volumes: readonly EtcdVolume[], call: Call): Promise<boolean> {
  if (volumes.length === 0) return true;
  const names = new Set(volumes.map(({ name }) => name));
  if ((await etcdVolumes(context, call)).some(({ name }) => names.has(name))) return false;
  const ids = volumes.map(({ id }) => id);
  return (await context.clients.ec2(context.fleet.parent).volumes(ids)).length === 0;
}
