/** Starts pods and makes them ready: after their volumes, their image, what they depend on, and their probes. */

import { at, listAt, numberAt, textAt } from '../../../json.js';
import type { ApiState, KubeObjectState } from '../../../state.js';
import { findObject, hasLabels, listObjects, timestamp } from '../../api-server/store.js';
import { elapsed, notedNumber, notedText, notes, type Tick } from '../../tick.js';
import { joinEtcd, refusedMember } from '../etcd-members.js';
import { chosenNode, claimsOf, isReady } from '../scheduling.js';
import { pullFailure } from './images.js';
import { settleCertificates } from './pod-certificates.js';

const namespace = 'karmada-system';

/** From a chosen node and bound volumes to running containers. */
const startMs = 3_000;
/** From running to ready, by the pod's `app`; together they make init's observed ~50 s (observed with 1.18.2). */
const readyMs: Readonly<Record<string, number>> = {
  etcd: 10_000,
  'karmada-apiserver': 12_000,
  'karmada-aggregated-apiserver': 4_000,
  'kube-controller-manager': 1_000,
  'karmada-scheduler': 1_000,
  'karmada-controller-manager': 1_000,
  'karmada-webhook': 3_000,
};
const otherReadyMs = 7_000;

export function settlePods(tick: Tick, api: ApiState): void {
  for (const pod of listObjects(api, 'pods')) settlePod(tick, api, pod);
}

function settlePod(tick: Tick, api: ApiState, pod: KubeObjectState): void {
  if (['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase'))) return;
  const stopped = stoppedBy(tick, api, pod) ?? endedBy(tick, api, pod, false);
  if (stopped !== undefined) {
    waiting(pod, ...stopped);
    return;
  }
  if (isReady(pod)) return;
  const node = chosenNode(pod);
  const bound = claimsOf(api, pod).every((claim) => textAt(claim, 'status', 'phase') === 'Bound');
  if (node === undefined) return;
  if (!bound) {
    pod['status'] = {
      phase: 'Pending',
      conditions: [condition('PodScheduled', false, 'waiting for a volume to be bound')],
    };
    return;
  }
  pod['spec'] = { ...(at(pod, 'spec') as object), nodeName: node };
  const held = heldBack(tick, api, pod);
  if (held !== undefined) {
    waiting(pod, ...held);
    return;
  }
  rememberCertificate(api, pod);
  run(pod, tick, false);
  const usual = readyMs[pod.metadata.labels?.['app'] ?? ''] ?? otherReadyMs;
  const delay = usual + (notedNumber(pod, 'slowMs') ?? 0);
  if (!elapsed(tick, pod, 'servingSince', canServe(api, pod), delay)) return;
  run(pod, tick, true);
  if (isEtcd(pod)) joinEtcd(api, pod);
  tick.wake(tick.at);
}

function isEtcd({ metadata }: KubeObjectState): boolean {
  return metadata.namespace === namespace && metadata.labels?.['app'] === 'etcd';
}

/** Reason and message of what keeps a pod from running, or ends it: EC2 has its volume no more, or etcd refuses to start. */
function stoppedBy(tick: Tick, api: ApiState, pod: KubeObjectState): [string, string] | undefined {
  const { volumes } = tick.simulation.region(api.region);
  const lost = claimsOf(api, pod)
    .map((claim) => findObject(api, 'persistentvolumes', '', textAt(claim, 'spec', 'volumeName')))
    .map((volume) => textAt(volume, 'spec', 'csi', 'volumeHandle'))
    .find((handle) => handle !== '' && !volumes.some(({ id }) => id === handle));
  if (lost !== undefined) return ['ContainerCreating', `AttachVolume.Attach failed: volume ${lost} not found`];
  if (!isEtcd(pod) || refusedMember(api, pod) === undefined) return undefined;
  return restarting(pod);
}

/** Reason and message of what keeps a pod on its node from running. */
function heldBack(tick: Tick, api: ApiState, pod: KubeObjectState): [string, string] | undefined {
  const unavailable = lastingReason(tick, pod) ?? pullFailure(tick, api, pod);
  if (unavailable !== undefined) return ['ImagePullBackOff', unavailable];
  if (!elapsed(tick, pod, 'startingSince', true, startMs)) return ['ContainerCreating', ''];
  return endedBy(tick, api, pod, true);
}

/** Reason and message of what ends a component whose certificate has ended. */
function endedBy(tick: Tick, api: ApiState, pod: KubeObjectState, isStarting: boolean): [string, string] | undefined {
  return settleCertificates(tick, api, pod, isStarting) ? restarting(pod) : undefined;
}

function restarting({ metadata }: KubeObjectState): [string, string] {
  return ['CrashLoopBackOff', `back-off 5m0s restarting failed container=${metadata.labels?.['app'] ?? ''}`];
}

/** Why its image cannot be pulled. Once the condition is removed from the account's list, the kubelet's next try succeeds. */
function lastingReason(tick: Tick, pod: KubeObjectState): string | undefined {
  const reason = notedText(pod, 'unavailable');
  const { conditions } = tick.simulation.state;
  return conditions.some((each) => each.kind === 'component-unavailable' && each.reason === reason)
    ? reason
    : undefined;
}

/** What a pod of a Karmada control plane needs before its readiness probe can succeed. */
function canServe(api: ApiState, pod: KubeObjectState): boolean {
  const app = pod.metadata.labels?.['app'] ?? '';
  if (pod.metadata.namespace !== namespace) return true;
  if (app === 'etcd') return hasQuorum(api);
  if (app === 'karmada-apiserver') return etcdAccepts(api, pod);
  if (app in readyMs) return podsOfApp(api, 'karmada-apiserver').some(isReady);
  return true;
}

/**
 * etcd's `/readyz` needs a quorum. Members find each other through the headless Service `etcd`, which names only
 * ready pods unless it publishes not-ready addresses: the deadlock, observed with 1.18.2.
 */
function hasQuorum(api: ApiState): boolean {
  const set = findObject(api, 'statefulsets', namespace, 'etcd');
  const members = numberAt(set, 'spec', 'replicas') ?? 1;
  if (members === 1) return true;
  const published = at(findObject(api, 'services', namespace, 'etcd'), 'spec', 'publishNotReadyAddresses') === true;
  const visible = podsOfApp(api, 'etcd').filter((pod) => isReady(pod) || (published && isRunning(pod)));
  return visible.length > members / 2;
}

/** The API server trusts only the CA it was given: a new CA over an old etcd never connects (observed with 1.18.2). */
function etcdAccepts(api: ApiState, pod: KubeObjectState): boolean {
  const set = findObject(api, 'statefulsets', namespace, 'etcd');
  const members = podsOfApp(api, 'etcd').filter(isReady);
  if (set === undefined || members.length <= (numberAt(set, 'spec', 'replicas') ?? 1) / 2) return false;
  return members.every((member) => notedText(member, 'etcdCa') === notedText(pod, 'etcdCa'));
}

/** Both etcd and the API server read their CAs once, when they start. */
function rememberCertificate(api: ApiState, pod: KubeObjectState): void {
  const app = pod.metadata.labels?.['app'] ?? '';
  if (!['etcd', 'karmada-apiserver'].includes(app) || notedText(pod, 'etcdCa') !== undefined) return;
  notes(pod)['etcdCa'] = textAt(findObject(api, 'secrets', namespace, 'etcd-cert'), 'data', 'etcd-ca.crt');
}

function podsOfApp(api: ApiState, app: string): KubeObjectState[] {
  return listObjects(api, 'pods', namespace).filter((pod) => hasLabels(pod, { app }));
}

function isRunning(pod: KubeObjectState): boolean {
  return textAt(pod, 'status', 'phase') === 'Running';
}

function run(pod: KubeObjectState, tick: Tick, ready: boolean): void {
  if (isRunning(pod) && isReady(pod) === ready) return;
  if (!isRunning(pod)) tick.wake(tick.at);
  pod['status'] = {
    phase: 'Running',
    conditions: [condition('PodScheduled', true), condition('Ready', ready)],
    containerStatuses: containers(pod, ready, { running: { startedAt: timestamp(tick.at) } }),
  };
}

function waiting(pod: KubeObjectState, reason: string, message: string): void {
  const state = { waiting: { reason, ...(message === '' ? {} : { message }) } };
  pod['status'] = {
    phase: 'Pending',
    conditions: [condition('PodScheduled', true), condition('Ready', false)],
    containerStatuses: containers(pod, false, state),
  };
}

function containers(pod: KubeObjectState, ready: boolean, state: object): object[] {
  return listAt(pod, 'spec', 'containers').map((container) => ({
    name: textAt(container, 'name'),
    image: textAt(container, 'image'),
    ready,
    restartCount: 0,
    state,
  }));
}

function condition(type: string, holds: boolean, message?: string): object {
  return { type, status: holds ? 'True' : 'False', ...(message === undefined ? {} : { message }) };
}
