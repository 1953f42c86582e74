/** The tags by which AWS and tools name the cluster that a thing belongs to. */
import type { Tags } from '../aws/tags.js';
import { eksctlTag } from './cluster-lifetimes.js';

/** The tag by which the cloud controller and the CSI driver name a cluster; its value is `owned` for what they made. */
export function ownedTag(cluster: string): string {
  return `${ownedPrefix}${cluster}`;
}

/** The tag of the VPC CNI (amazon-vpc-cni-k8s, README, `CLUSTER_NAME`). */
export const cniTag = 'cluster.k8s.amazonaws.com/name';

const ownedPrefix = 'kubernetes.io/cluster/';

/** Names of the clusters that the tags speak of. */
export function ownersIn(tags: Tags): readonly string[] {
  const owned = Object.entries(tags).flatMap(([key, value]) =>
    key.startsWith(ownedPrefix) && value === 'owned' ? [key.slice(ownedPrefix.length)] : [],
  );
  return [...new Set([...owned, ...['aws:eks:cluster-name', cniTag, eksctlTag].flatMap((key) => tags[key] ?? [])])];
}
