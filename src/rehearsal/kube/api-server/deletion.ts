/** What a delete request does: some objects go at once, others wait for what they hold to be cleaned up. */
import type { ApiState, KubeObjectState, Moment } from '../../state.js';
import { touch } from './object-index.js';
import { dropObject, listObjects, loadBalancerFinalizer, timestamp } from './store.js';

/** Types whose objects stay, marked, until a controller has cleaned up. */
const cleanedUpFirst = new Set(['namespaces', 'persistentvolumeclaims', 'clusters']);

/** Deletes an object as the API server does, and the pods it owns. */
export function requestDeletion(now: Moment, api: ApiState, plural: string, object: KubeObjectState): void {
  if (object.metadata.deletionTimestamp !== undefined) return;
  touch(api);
  if (cleanedUpFirst.has(plural) || hasLoadBalancer(object)) {
    object.metadata.deletionTimestamp = timestamp(now);
    if (plural === 'namespaces') object['status'] = { phase: 'Terminating' };
    return;
  }
  if (plural === 'deployments' || plural === 'statefulsets')
    for (const pod of podsOf(api, object)) dropObject(api, 'pods', pod);
  dropObject(api, plural, object);
}

/** The pods that belong to a workload. */
export function podsOf(api: ApiState, workload: KubeObjectState): KubeObjectState[] {
  return listObjects(api, 'pods', workload.metadata.namespace ?? '').filter(
    (pod) => ownerUid(pod) === workload.metadata.uid,
  );
}

/** The uid of the workload that a pod belongs to; undefined for an orphan. */
export function ownerUid(pod: KubeObjectState): string | undefined {
  const owners = pod.metadata['ownerReferences'];
  return Array.isArray(owners) ? String(owners[0]?.uid ?? '') : undefined;
}

/** Whether a Service waits for its load balancer to be deleted. */
export function hasLoadBalancer(object: KubeObjectState): boolean {
  const finalizers = object.metadata['finalizers'];
  return Array.isArray(finalizers) && finalizers.includes(loadBalancerFinalizer);
}
