/** What a delete request does: some objects go at once, others wait for what they hold to be cleaned up. */
import { listAt, textAt } from '../../json.js';
import type { ApiState, KubeObjectState, Moment } from '../../state.js';
import { touch } from './object-index.js';
import { dropObject, findObject, listObjects, loadBalancerFinalizer, timestamp } from './store.js';

/** Types whose objects stay, marked, until a controller has cleaned up. */
const cleanedUpFirst = new Set(['namespaces', 'persistentvolumeclaims', 'clusters']);

/** Deletes an object as the API server does, and the pods it owns. */
export function requestDeletion(now: Moment, api: ApiState, plural: string, object: KubeObjectState): void {
  if (object.metadata.deletionTimestamp !== undefined) return;
  touch(api);
  if (cleanedUpFirst.has(plural) || hasLoadBalancer(object) || isHeld(api, plural, object)) {
    object.metadata.deletionTimestamp = timestamp(now);
    if (plural === 'namespaces') object['status'] = { phase: 'Terminating' };
    return;
  }
  if (plural === 'deployments' || plural === 'statefulsets')
    for (const pod of podsOf(api, object)) requestDeletion(now, api, 'pods', pod);
  dropObject(api, plural, object);
}

/** Those of controllers that are simulated, each of which cleans up by itself. */
const simulated: readonly unknown[] = [
  loadBalancerFinalizer,
  'karmada.io/cluster-controller',
  'kubernetes.io/pvc-protection',
];

/** What somebody set, and only who set it removes. */
export function foreignFinalizers({ metadata }: KubeObjectState): readonly string[] {
  const { finalizers } = metadata;
  return Array.isArray(finalizers) ? finalizers.filter((each) => !simulated.includes(each)) : [];
}

/** Also a pod whose node does not respond: its kubelet has to say that it has ended (kubernetes documents, Pod Lifecycle). */
function isHeld(api: ApiState, plural: string, object: KubeObjectState): boolean {
  if (foreignFinalizers(object).length > 0) return true;
  const node = plural === 'pods' ? findObject(api, 'nodes', '', textAt(object, 'spec', 'nodeName')) : undefined;
  return node !== undefined && !hasCondition(node, 'Ready');
}

function hasCondition(object: KubeObjectState, wanted: string): boolean {
  return listAt(object, 'status', 'conditions').some(
    (condition) => textAt(condition, 'type') === wanted && textAt(condition, 'status') === 'True',
  );
}

/** Ends what was held and is not any more. */
export function endFreed(api: ApiState): boolean {
  const freed = Object.entries(api.objects).filter(([key, object]) => {
    const [plural = ''] = key.split('/');
    const isGoing = object.metadata.deletionTimestamp !== undefined;
    return isGoing && !cleanedUpFirst.has(plural) && !hasLoadBalancer(object) && !isHeld(api, plural, object);
  });
  for (const [key, object] of freed) dropObject(api, key.slice(0, key.indexOf('/')), object);
  return freed.length > 0;
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
