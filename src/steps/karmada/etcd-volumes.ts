/**
 * The volumes of Karmada's etcd, identified by their claims: they are deleted with these, and `down` waits only for
 * them.
 */
import { Problem } from '../../errors/problem.js';
import { isEtcdClaim } from '../../leftovers/volume-claims.js';
import { event, persistentVolume } from '../../tools/kubectl/objects.js';
import { type Call, truncatedText } from '../../tools/run.js';
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

/** The driver says so of a PersistentVolume, which has no namespace: its events are in `default` (external-provisioner, pkg/controller). */
const driverEvents = { kind: 'events', namespace: 'default' } as const;

/** Why those that are left are there, by the driver’s own words, finalizers, and EC2; undefined where nobody knows. */
export async function whyKept(
  context: FleetContext,
  volumes: readonly EtcdVolume[],
  call: Call,
): Promise<string | undefined> {
  const { kubectl } = context.clients;
  const access = parentAccess(context);
  try {
    const [left, events] = await Promise.all([
      kubectl.list(access, { kind: 'persistentvolumes' }, persistentVolume, call),
      kubectl.list(access, driverEvents, event, call),
    ]);
    const reasons = left
      .filter(({ metadata }) => volumes.some(({ name }) => name === metadata.name))
      .flatMap(({ metadata: { name } }) => {
        const told = events.findLast(
          ({ reason, involvedObject: of }) =>
            reason === 'VolumeFailedDelete' && of.kind === 'PersistentVolume' && of.name === name,
        );
        return told === undefined ? [] : [`volume ${name}: ${truncatedText(told.message.replace(/\s+/g, ' ').trim())}`];
      });
    if (reasons.length > 0) return reasons.slice(0, 2).join('; ');
    return left.length === 0
      ? undefined
      : 'its driver has not deleted it: see the pods of ebs-csi-controller in kube-system';
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code !== 'interrupted') return undefined;
    throw thrown;
  }
}
