/**
 * Who uses the EBS CSI driver or the StorageClass of a parent that existed before the fleet: while in use, both are
 * kept.
 */

import { shortList } from '../../../engine/destruction.js';
import type { CallContext } from '../../../engine/step.js';
import { describeClaim, isEtcdClaim } from '../../../leftovers/volume-claims.js';
import type { KubeAccess } from '../../../tools/kubectl/commands.js';
import { claim, persistentVolume, storageClassObject } from '../../../tools/kubectl/objects.js';
import type { FleetContext } from '../../context.js';
import { ebsProvisioner } from './addon-alternatives.js';

/** The driver takes the volumes of the one that was built into Kubernetes too (Kubernetes, "Volumes", CSI migration). */
const provisioners: readonly string[] = [ebsProvisioner, 'kubernetes.io/aws-ebs'];

/**
 * Claims and volumes of anybody but Karmada's etcd that need the driver, or, with `className`, that are of this class;
 * one line each, e.g. `claim shop/data-postgres-0`.
 * @throws Problem when the cluster does not respond
 */
export async function storageUsers(
  { clients: { kubectl } }: Pick<FleetContext, 'clients'>,
  access: KubeAccess,
  call: CallContext,
  className?: string,
): Promise<readonly string[]> {
  const [classes, claims, volumes] = await Promise.all([
    kubectl.list(access, { kind: 'storageclasses' }, storageClassObject, call),
    kubectl.list(access, { kind: 'persistentvolumeclaims', allNamespaces: true }, claim, call),
    kubectl.list(access, { kind: 'persistentvolumes' }, persistentVolume, call),
  ]);
  const ofDriver = classes.filter(({ provisioner = '' }) => provisioners.includes(provisioner));
  const names = className === undefined ? ofDriver.map(({ metadata }) => metadata.name) : [className];
  const claimed = claims.filter(({ spec }) => names.includes(spec?.storageClassName ?? ''));
  const made = volumes.filter(({ spec: { csi, awsElasticBlockStore, storageClassName = '' } }) => {
    if (className !== undefined) return storageClassName === className;
    return csi?.driver === ebsProvisioner || awsElasticBlockStore !== undefined;
  });
  const lines = [
    ...claimed.map(({ metadata: { name, namespace = '' } }) => ({ name, namespace })).flatMap(lineOf),
    ...made.flatMap(({ metadata, spec: { claimRef } }) =>
      claimRef === undefined
        ? [`volume ${metadata.name}`]
        : lineOf({ name: claimRef.name, namespace: claimRef.namespace ?? '' }),
    ),
  ];
  return [...new Set(lines)].sort();
}

function lineOf(name: Parameters<typeof describeClaim>[0]): readonly string[] {
  return isEtcdClaim(name) ? [] : [`claim ${describeClaim(name)}`];
}

/** Why it is left, e.g. `StorageClass ebs-sc stays: in use by claim shop/data-postgres-0`. */
export function inUseNote(what: string, users: readonly string[]): string {
  return `${what} is kept: in use by ${shortList(users)}`;
}
