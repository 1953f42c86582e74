/**
 * The claim that a volume was created for: the volumes of Karmada's etcd belong to the fleet, all others of its
 * clusters are users' data.
 */
import type { Volume } from '../aws/ec2/ec2.js';
import type { Tags } from '../aws/tags.js';
import { karmadaNamespace } from '../fleet/names.js';

/** A PersistentVolumeClaim. */
export interface ClaimName {
  readonly namespace: string;
  readonly name: string;
}

/** From the tags that the driver gives each volume (aws-ebs-csi-driver, docs/tagging.md); undefined: for none, or by a driver that gives no such tags. */
export function claimIn(tags: Tags): ClaimName | undefined {
  const name = tags['kubernetes.io/created-for/pvc/name'];
  return name === undefined ? undefined : { namespace: tags['kubernetes.io/created-for/pvc/namespace'] ?? '', name };
}

/** StatefulSet `etcd` with the template `etcd-data` (karmada 1.18.2, pkg/karmadactl/cmdinit/kubernetes/statefulset.go). */
export function isEtcdClaim({ namespace, name }: ClaimName): boolean {
  return namespace === karmadaNamespace && /^etcd-data-etcd-\d+$/.test(name);
}

/** Whether it is deleted with its instance, as the disk of a node does. */
export function isRootDisk({ Attachments = [] }: Volume): boolean {
  return Attachments.some(({ DeleteOnTermination }) => DeleteOnTermination === true);
}

/** e.g. `shop/data-postgres-0`. */
export function describeClaim({ namespace, name }: ClaimName): string {
  return `${namespace}/${name}`;
}
