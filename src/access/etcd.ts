/** Where Karmada's etcd is in the parent. */
import { karmadaNamespace } from '../fleet/names.js';
import type { PodContainer } from '../tools/kubectl/commands.js';

export const etcdPods = { kind: 'pods', namespace: karmadaNamespace, selector: 'app=etcd' } as const;
export const etcdStatefulSet = { kind: 'statefulsets', name: 'etcd', namespace: karmadaNamespace } as const;

/** The container of a member. */
export function etcdContainer(name: string): PodContainer {
  return { pod: name, namespace: karmadaNamespace, container: 'etcd' };
}
