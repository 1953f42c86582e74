/** Which claim a volume was made for: the volumes of Karmada's etcd are the fleet's, those of all other claims are users' data. */
import type { Tags } from '../aws/tags.js';
import { karmadaNamespace } from '../fleet/names.js';

/** A PersistentVolumeClaim. */
export interface ClaimName {
  readonly namespace: string;
  readonly name: string;
}

/** From the tags that the driver gives each volume (aws-ebs-csi-driver, docs/tagging.md); undefined: it was made for none. */
function claimIn(tags: Tags): ClaimName | undefined {
  const name = tags['kubernetes.io/created-for/pvc/name'];
  return name === undefined ? undefined : { namespace: tags['kubernetes.io/created-for/pvc/namespace'] ?? '', name };
}

/** The claim of whoever uses the cluster; undefined for volumes of Karmada's etcd, and of no claim. */
export function usersClaimIn(tags: Tags): ClaimName | undefined {
  const claim = claimIn(tags);
  return claim === undefined || isEtcdClaim(claim) ? undefined : claim;
}

/** StatefulSet `etcd` with the template `etcd-data` (karmada 1.18.2, pkg/karmadactl/cmdinit/kubernetes/statefulset.go). */
export function isEtcdClaim({ namespace, name }: ClaimName): boolean {
  return namespace === karmadaNamespace && /^etcd-data-etcd-\d+$/.test(name);
}

/** e.g. `shop/data-postgres-0`. */
export function describeClaim({ namespace, name }: ClaimName): string {
  return `${namespace}/${name}`;
}
