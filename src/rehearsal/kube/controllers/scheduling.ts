/** Gives pods a node: ready nodes only, required anti-affinity by host, the zone of volumes that exist already. */

import { listAt, textAt } from '../../json.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { ownerUid } from '../api-server/deletion.js';
import { dropObject, findObject, hasLabels, listObjects } from '../api-server/store.js';
import { notedText, notes, type Tick } from '../tick.js';

export function settleScheduling(tick: Tick, api: ApiState): void {
  const nodes = listObjects(api, 'nodes', '');
  const names = new Set(nodes.map((node) => node.metadata.name));
  for (const pod of listObjects(api, 'pods')) {
    const node = chosenNode(pod);
    if (node !== undefined && !names.has(node)) {
      dropObject(api, 'pods', pod);
      tick.wake(tick.at);
    } else if (node === undefined) {
      schedule(tick, api, pod, nodes);
    }
  }
}

/** The node that a pod will run on, from the moment it is chosen; its volumes may still be missing. */
export function chosenNode(pod: KubeObjectState): string | undefined {
  return notedText(pod, 'node');
}

/** The claims that a pod uses; undefined for one that does not exist. */
export function claimsOf(api: ApiState, pod: KubeObjectState): (KubeObjectState | undefined)[] {
  return listAt(pod, 'spec', 'volumes')
    .map((volume) => textAt(volume, 'persistentVolumeClaim', 'claimName'))
    .filter((name) => name !== '')
    .map((name) => findObject(api, 'persistentvolumeclaims', pod.metadata.namespace ?? '', name));
}

/** Whether a node or a pod is ready. */
export function isReady(object: KubeObjectState): boolean {
  return listAt(object, 'status', 'conditions').some(
    (condition) => textAt(condition, 'type') === 'Ready' && textAt(condition, 'status') === 'True',
  );
}

function schedule(tick: Tick, api: ApiState, pod: KubeObjectState, nodes: readonly KubeObjectState[]): void {
  const found = findNode(
    api,
    pod,
    nodes.filter((node) => isReady(node) && !isKeptAway(pod, node)),
  );
  if (typeof found === 'string') {
    const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: found };
    pod['status'] = { phase: 'Pending', conditions: [condition] };
    return;
  }
  notes(pod)['node'] = found.metadata.name;
  tick.wake(tick.at);
}

/** By a taint that the pod does not tolerate (kubernetes documents, Taints and Tolerations). */
function isKeptAway(pod: KubeObjectState, node: KubeObjectState): boolean {
  return listAt(node, 'spec', 'taints').some((taint) => {
    const effect = textAt(taint, 'effect');
    const isTolerated = listAt(pod, 'spec', 'tolerations').some((each) => {
      const [own, key] = [textAt(each, 'effect'), textAt(each, 'key')];
      const isForAll = textAt(each, 'operator') === 'Exists';
      const isValue = isForAll || textAt(each, 'value') === textAt(taint, 'value');
      return (own === '' || own === effect) && (key === '' ? isForAll : key === textAt(taint, 'key') && isValue);
    });
    return effect !== 'PreferNoSchedule' && !isTolerated;
  });
}

/** The least loaded node that will do, or the scheduler's message when there is none. */
function findNode(api: ApiState, pod: KubeObjectState, ready: readonly KubeObjectState[]): KubeObjectState | string {
  const none = `0/${ready.length} nodes are available:`;
  if (ready.length === 0) return 'no nodes available to schedule pods';
  const claims = claimsOf(api, pod);
  if (claims.some((claim) => claim === undefined || lacksClass(api, claim))) {
    return `${none} pod has unbound immediate PersistentVolumeClaims. not found`;
  }
  const zones = new Set(claims.flatMap((claim) => (claim === undefined ? [] : (zoneOf(api, claim) ?? []))));
  const inZone = ready.filter((node) => zones.size === 0 || zones.has(zoneLabel(node)));
  if (inZone.length === 0) return `${none} ${ready.length} node(s) had volume node affinity conflict.`;
  const others = siblings(api, pod);
  const load = (node: KubeObjectState) => others.filter((other) => chosenNode(other) === node.metadata.name).length;
  const free = inZone.filter((node) => !hasHostAntiAffinity(pod) || load(node) === 0);
  const [best] = free.sort((one, other) => load(one) - load(other));
  return best ?? `${none} ${ready.length} node(s) didn't match pod anti-affinity rules.`;
}

/**
 * `requiredDuringSchedulingIgnoredDuringExecution` by host name, as all Karmada components have it (1.18.2,
 * cmdinit/kubernetes/deployments.go).
 */
function hasHostAntiAffinity(pod: KubeObjectState): boolean {
  const path = ['spec', 'affinity', 'podAntiAffinity', 'requiredDuringSchedulingIgnoredDuringExecution'];
  return listAt(pod, ...path).some((term) => textAt(term, 'topologyKey') === 'kubernetes.io/hostname');
}

function siblings(api: ApiState, pod: KubeObjectState): KubeObjectState[] {
  const app = pod.metadata.labels?.['app'];
  return listObjects(api, 'pods', pod.metadata.namespace ?? '').filter((other) =>
    app === undefined ? ownerUid(other) === ownerUid(pod) : hasLabels(other, { app }),
  );
}

function lacksClass(api: ApiState, claim: KubeObjectState): boolean {
  return (
    textAt(claim, 'status', 'phase') !== 'Bound' &&
    findObject(api, 'storageclasses', '', textAt(claim, 'spec', 'storageClassName')) === undefined
  );
}

/** The zone of the volume behind a claim, once it is bound. */
function zoneOf(api: ApiState, claim: KubeObjectState): string | undefined {
  const volume = findObject(api, 'persistentvolumes', '', textAt(claim, 'spec', 'volumeName'));
  return volume === undefined ? undefined : notedText(volume, 'zone');
}

export function zoneLabel(node: KubeObjectState): string {
  return node.metadata.labels?.['topology.kubernetes.io/zone'] ?? '';
}
