/** Makes the pods and claims of Deployments and StatefulSets, and writes the workloads' status. */

import { createHash } from 'node:crypto';
import { takeCondition } from '../../account/conditions.js';
import { at, canonical, isJson, type Json, listAt, mapAt, numberAt, textAt } from '../../json.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { podsOf, requestDeletion } from '../api-server/deletion.js';
import { builtIn, createObject, findObject, listObjects } from '../api-server/store.js';
import { notedText, notes, type Tick } from '../tick.js';
import { deploymentMoves } from './rolling.js';
import { isReady } from './scheduling.js';

export function settleWorkloads(tick: Tick, api: ApiState): void {
  for (const deployment of listObjects(api, 'deployments')) {
    noteCondition(tick, deployment);
    settleDeployment(tick, api, deployment);
  }
  for (const set of listObjects(api, 'statefulsets')) {
    noteCondition(tick, set);
    settleStatefulSet(tick, api, set);
  }
}

export function settleWorkloadStatus(tick: Tick, api: ApiState): void {
  for (const workload of [...listObjects(api, 'deployments'), ...listObjects(api, 'statefulsets')]) {
    const pods = podsOf(api, workload);
    const ready = pods.filter(isReady).length;
    const status = {
      observedGeneration: Number(workload.metadata['generation'] ?? 1),
      replicas: pods.length,
      updatedReplicas: pods.filter((pod) => isNewest(workload, pod)).length,
      ...(ready === 0 ? {} : { readyReplicas: ready, availableReplicas: ready }),
      ...(ready === replicasOf(workload) ? {} : { unavailableReplicas: replicasOf(workload) - ready }),
    };
    if (isStatus(status, workload['status'])) continue;
    workload['status'] = status;
    tick.wake(tick.at);
  }
}

function isStatus(status: Readonly<Record<string, number>>, found: unknown): boolean {
  if (!isJson(found)) return false;
  const entries = Object.entries(status);
  return entries.length === Object.keys(found).length && entries.every(([key, value]) => found[key] === value);
}

/** Replicas that a workload requests; one by default. */
export function replicasOf(workload: KubeObjectState): number {
  return numberAt(workload, 'spec', 'replicas') ?? 1;
}

/** Ready replicas in a workload's status. */
export function readyReplicas(workload: KubeObjectState | undefined): number {
  return numberAt(workload, 'status', 'readyReplicas') ?? 0;
}

/** Whether a workload exists and all its replicas are ready. */
export function isRolledOut(workload: KubeObjectState | undefined): boolean {
  return workload !== undefined && readyReplicas(workload) >= replicasOf(workload);
}

/** Conditions befall a Karmada component when its workload is made. */
function noteCondition(tick: Tick, workload: KubeObjectState): void {
  if (notedText(workload, 'seen') !== undefined) return;
  notes(workload)['seen'] = 'yes';
  const { name, namespace } = workload.metadata;
  if (namespace !== 'karmada-system') return;
  const { state } = tick.simulation;
  const isMeant = ({ component }: { readonly component: string }): boolean => component === name;
  const unavailable = takeCondition(state, 'component-unavailable', isMeant);
  if (unavailable !== undefined) notes(workload)['unavailable'] = unavailable.reason;
  const slow = takeCondition(state, 'component-slow', isMeant);
  if (slow !== undefined) notes(workload)['slowMs'] = slow.ms;
}

function settleDeployment(tick: Tick, api: ApiState, deployment: KubeObjectState): void {
  const template = templateHash(deployment);
  // A ReplicaSet makes another pod in the place of one that is going.
  const staying = podsOf(api, deployment).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const pods = staying.map((pod) => ({ pod, newest: isNewest(deployment, pod), ready: isReady(pod) }));
  const { going, coming } = deploymentMoves(pods, replicasOf(deployment), at(deployment, 'spec', 'strategy'));
  for (const { pod } of going) requestDeletion(tick.at, api, 'pods', pod);
  for (let missing = coming; missing > 0; missing -= 1) {
    const suffix = (api.nextUid + 1).toString(36).slice(-5).padStart(5, '0');
    createPod(tick, api, deployment, `${deployment.metadata.name}-${template.slice(0, 9)}-${suffix}`);
  }
}

/** OrderedReady makes a pod only when the one before it is ready; Parallel makes all at once. */
function settleStatefulSet(tick: Tick, api: ApiState, set: KubeObjectState): void {
  const namespace = set.metadata.namespace ?? '';
  const parallel = textAt(set, 'spec', 'podManagementPolicy') === 'Parallel';
  rollOne(tick, api, set);
  for (let ordinal = 0; ordinal < replicasOf(set); ordinal += 1) {
    const name = `${set.metadata.name}-${ordinal}`;
    const pod = findObject(api, 'pods', namespace, name);
    if (pod === undefined) {
      const templates = listAt(set, 'spec', 'volumeClaimTemplates');
      // No pod is created on a claim that is being deleted (pkg/controller/statefulset/stateful_pod_control.go).
      if (templates.some((template) => isGoing(api, set, name, template))) continue;
      createPod(
        tick,
        api,
        set,
        name,
        templates.map((template) => createClaim(tick, api, set, name, template)),
      );
    }
    if (!parallel && (pod === undefined || !isReady(pod))) break;
  }
  for (const pod of podsOf(api, set)) {
    if (Number(pod.metadata.name.split('-').at(-1)) >= replicasOf(set)) requestDeletion(tick.at, api, 'pods', pod);
  }
}

/**
 * From the last ordinal to the partition: replaces a pod of an older template once those after it are ready; it does not look at those
 * before it (kubernetes, pkg/controller/statefulset/stateful_set_control.go).
 */
function rollOne(tick: Tick, api: ApiState, set: KubeObjectState): void {
  if (textAt(set, 'spec', 'updateStrategy', 'type') === 'OnDelete') return;
  const partition = numberAt(set, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0;
  for (let ordinal = replicasOf(set) - 1; ordinal >= partition; ordinal -= 1) {
    const pod = findObject(api, 'pods', set.metadata.namespace ?? '', `${set.metadata.name}-${ordinal}`);
    if (pod === undefined) return;
    if (pod.metadata.deletionTimestamp !== undefined) return;
    if (!isNewest(set, pod)) {
      requestDeletion(tick.at, api, 'pods', pod);
      tick.wake(tick.at);
      return;
    }
    if (!isReady(pod)) return;
  }
}

/** Whether a pod is of the template that its workload has now. */
function isNewest(workload: KubeObjectState, pod: KubeObjectState): boolean {
  return notedText(pod, 'template') === templateHash(workload);
}

function createPod(
  tick: Tick,
  api: ApiState,
  owner: KubeObjectState,
  name: string,
  claims: readonly Json[] = [],
): void {
  const template = at(owner, 'spec', 'template');
  const spec = at(template, 'spec');
  const pod = createObject(
    api,
    builtIn('pods'),
    {
      metadata: {
        name,
        namespace: owner.metadata.namespace ?? '',
        labels: mapAt(template, 'metadata', 'labels'),
        ownerReferences: ownedBy(owner),
      },
      spec: { ...(isJson(spec) ? spec : {}), volumes: [...listAt(spec, 'volumes'), ...claims] },
      status: { phase: 'Pending' },
    },
    tick.at,
  );
  notes(pod)['template'] = templateHash(owner);
  for (const name of ['unavailable', 'slowMs'])
    if (notes(owner)[name] !== undefined) notes(pod)[name] = notes(owner)[name];
  tick.wake(tick.at);
}

function isGoing(api: ApiState, set: KubeObjectState, pod: string, template: unknown): boolean {
  const name = `${textAt(template, 'metadata', 'name')}-${pod}`;
  const claim = findObject(api, 'persistentvolumeclaims', set.metadata.namespace ?? '', name);
  return claim?.metadata.deletionTimestamp !== undefined;
}

/** Claims of a StatefulSet carry its selector's labels and outlive it. Answers the pod's volume. */
function createClaim(tick: Tick, api: ApiState, set: KubeObjectState, pod: string, template: unknown): Json {
  const volume = textAt(template, 'metadata', 'name');
  const claimName = `${volume}-${pod}`;
  if (findObject(api, 'persistentvolumeclaims', set.metadata.namespace ?? '', claimName) === undefined) {
    const labels = { ...mapAt(template, 'metadata', 'labels'), ...mapAt(set, 'spec', 'selector', 'matchLabels') };
    const finalizers = ['kubernetes.io/pvc-protection'];
    const metadata = { name: claimName, namespace: set.metadata.namespace ?? '', labels, finalizers };
    const manifest = { metadata, spec: at(template, 'spec'), status: { phase: 'Pending' } };
    createObject(api, builtIn('persistentvolumeclaims'), manifest, tick.at);
  }
  return { name: volume, persistentVolumeClaim: { claimName } };
}

function ownedBy(owner: KubeObjectState): Json[] {
  const { name, uid } = owner.metadata;
  return [{ apiVersion: owner.apiVersion, kind: owner.kind, name, uid, controller: true }];
}

/** By the template itself: a change through the store puts another one in its place. */
const templateHashes = new WeakMap<object, string>();

function templateHash(workload: KubeObjectState): string {
  const template = at(workload, 'spec', 'template');
  if (!isJson(template)) return '';
  const known = templateHashes.get(template);
  if (known !== undefined) return known;
  const hash = createHash('sha256').update(canonical(template)).digest('hex').slice(0, 16);
  templateHashes.set(template, hash);
  return hash;
}
