/**
 * The form in which a component of Karmada can be rolled, drained and moved, and how one that `init` created differs from it.
 *
 * `init` (1.18.2, cmdinit/kubernetes/deployments.go and statefulset.go) leaves the default rollout strategy, tolerates every NoExecute taint without limit, probes
 * the API server every 30 s, requests nothing, and lets members of etcd share a node. What somebody changed on purpose (more replicas,
 * requests, a toleration of their own) is kept.
 */

import type { KarmadaComponent } from '../../fleet/karmada-components.js';
import type { ComponentWorkload } from '../../tools/kubectl/objects.js';

/** Where pods could run. */
export interface Room {
  /** Nodes that take its pods. */
  readonly nodes: number;
  /** Whether every member of etcd can have a node to itself, in the zone of its volume. */
  readonly etcdApart: boolean;
  /** Whether nodes have taints that only the toleration of everything covers. */
  readonly keepsTolerations: boolean;
  /** Whether others' pods may be on the nodes: for requests of its priority class Kubernetes evicts them where a node is full. */
  readonly isShared: boolean;
}

export type Toleration = NonNullable<
  NonNullable<NonNullable<ComponentWorkload['spec']['template']>['spec']>['tolerations']
>[number];

/** One difference, and the parts of a strategic merge patch that end it. */
export interface Difference {
  /** e.g. `1 of 2 replicas`. */
  readonly what: string;
  readonly spec?: object;
  /** Of the pod template: changing it restarts the pods, one after the other. */
  readonly pod?: object;
  /** Of the container that has the component's name; it restarts the pods too. */
  readonly container?: object;
}

interface Needs {
  readonly cpu: string;
  readonly memory: string;
  /** Seconds that a pod keeps serving after it was taken out of its Service: who still has its address may end. */
  readonly drainSeconds?: number;
  /** Seconds between readiness probes, where `init` waits longer. */
  readonly probeSeconds?: number;
}

/** Requests are what idle components of a fleet with a few members use, rounded up. */
const needs: Readonly<Record<KarmadaComponent['name'], Needs>> = {
  etcd: { cpu: '200m', memory: '256Mi' },
  'karmada-apiserver': { cpu: '250m', memory: '512Mi', drainSeconds: 10, probeSeconds: 5 },
  'karmada-aggregated-apiserver': { cpu: '100m', memory: '128Mi', drainSeconds: 5 },
  'karmada-webhook': { cpu: '100m', memory: '128Mi', drainSeconds: 5, probeSeconds: 5 },
  'kube-controller-manager': { cpu: '100m', memory: '128Mi' },
  'karmada-controller-manager': { cpu: '100m', memory: '256Mi' },
  'karmada-scheduler': { cpu: '100m', memory: '128Mi' },
};

/** Seconds that a pod stays on a node that does not respond; its like is still running elsewhere. */
const patience = 60;

/** Taints of a node that does not respond (kubernetes documents, Taints and Tolerations). */
const lostNode = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'] as const;

/** One pod less, never one more: where there are as many nodes as replicas, no node has room for one more. */
const oneByOne = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };

/** Empty when the component is as it is to be. `room` is asked for only where it matters. */
export function differencesOf(
  component: KarmadaComponent,
  found: ComponentWorkload,
  room: Room,
): readonly Difference[] {
  const isEtcd = component.name === 'etcd';
  const all = [
    ...(isEtcd ? [shared(found, room)] : [replicas(component, found, room), strategy(found), tolerations(found, room)]),
    zones(component, found),
    priority(found),
    ...ofContainer(component, found, room),
  ];
  // Each of the others refuses a node that has one of its like: a pod that is restarted would find none.
  const findsNodes = isEtcd || (found.spec.replicas ?? 1) <= room.nodes;
  return all.filter((each) => each !== undefined).filter(({ spec }) => findsNodes || spec !== undefined);
}

/** Whether its pods are restarted. */
export function restarts(differences: readonly Difference[]): boolean {
  return differences.some(({ pod, container }) => pod !== undefined || container !== undefined);
}

/** Those parts of differences that restart nothing. */
export function withoutRestart(differences: readonly Difference[]): readonly Difference[] {
  return differences.flatMap(({ what, spec }) => (spec === undefined ? [] : [{ what, spec }]));
}

/** The strategic merge patch that ends all differences. */
export function patchOf({ name }: KarmadaComponent, differences: readonly Difference[]): { readonly spec: object } {
  const container = merged(differences.map((each) => each.container ?? {}));
  const containers = Object.keys(container).length === 0 ? {} : { containers: [{ name, ...container }] };
  const pod = merged([...differences.map((each) => each.pod ?? {}), containers]);
  const template = Object.keys(pod).length === 0 ? {} : { template: { spec: pod } };
  return { spec: merged([...differences.map((each) => each.spec ?? {}), template]) };
}

/** The spec of a workload that is to be created, without the differences. */
export function formed(
  { name }: KarmadaComponent,
  { spec }: ComponentWorkload,
  differences: readonly Difference[],
): object {
  const own = merged(differences.map((each) => each.container ?? {}));
  const { containers = [], ...pod } = spec.template?.spec ?? {};
  const podSpec = {
    ...Object(onto(pod, merged(differences.map((each) => each.pod ?? {})))),
    containers: containers.map((each) => (each.name === name ? onto(each, own) : each)),
  };
  return { ...spec, template: { ...spec.template, spec: podSpec } };
}

/** A patch on a value: objects merge, null removes, the rest replaces. */
function onto(value: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result = new Map<string, unknown>(Object.entries(value ?? {}));
  for (const [key, each] of Object.entries(patch)) {
    if (each === null) result.delete(key);
    else result.set(key, onto(result.get(key), each));
  }
  return Object.fromEntries(result);
}

/** None of these parts has a key of another, so that the last word is the only one. */
function merged(parts: readonly object[]): object {
  return Object.assign({}, ...parts);
}

/** Not for etcd, whose members have to be told of each other. */
function replicas(
  { replicas: wanted }: KarmadaComponent,
  { spec }: ComponentWorkload,
  room: Room,
): Difference | undefined {
  const now = spec.replicas ?? 1;
  const possible = Math.min(wanted, room.nodes);
  // None at all is somebody's decision.
  return now === 0 || now >= possible
    ? undefined
    : { what: `${now} of ${possible} replicas`, spec: { replicas: possible } };
}

function strategy({ spec }: ComponentWorkload): Difference | undefined {
  const { maxSurge, maxUnavailable } = spec.strategy?.rollingUpdate ?? {};
  return maxSurge === 0 && maxUnavailable === 1
    ? undefined
    : { what: 'rollout strategy', spec: { strategy: oneByOne } };
}

/** Those found without the one that tolerates everything for ever. */
export function lastingTolerations(found: readonly Toleration[]): readonly Toleration[] {
  return found.filter(({ key, effect }) => key !== undefined || effect !== 'NoExecute');
}

/**
 * Only the toleration of everything is taken away, and only where pods find as many nodes without it. Where it stays, the first that fits a taint counts
 * (kubernetes, pkg/apis/core/v1/helper, GetMatchingTolerations).
 */
function tolerations({ spec }: ComponentWorkload, { keepsTolerations }: Room): Difference | undefined {
  const found = spec.template?.spec?.tolerations ?? [];
  const kept = keepsTolerations ? found : lastingTolerations(found);
  const added = lostNode.filter((key) => kept.every((each) => each.key !== key));
  if (kept.length === found.length && added.length === 0) return undefined;
  const bounded = added.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: patience }));
  return { what: 'stays on a lost node', pod: { tolerations: [...bounded, ...kept] } };
}

const zoneKey = 'topology.kubernetes.io/zone';

/** A wish, no condition: a volume may be bound to a zone that has one already, and a lost zone must not keep pods away. */
function zones({ name }: KarmadaComponent, { spec }: ComponentWorkload): Difference | undefined {
  const found = spec.template?.spec?.topologySpreadConstraints ?? [];
  if (found.some(({ topologyKey }) => topologyKey === zoneKey)) return undefined;
  const labelSelector = { matchLabels: { app: name } };
  const spread = { topologyKey: zoneKey, maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway', labelSelector };
  return { what: 'not spread over zones', pod: { topologySpreadConstraints: [spread] } };
}

/** `init` gives each this class since it has the flags (1.18.2, cmdinit/cmdinit.go). */
function priority({ spec }: ComponentWorkload): Difference | undefined {
  const found = spec.template?.spec?.priorityClassName ?? '';
  return found === '' ? { what: 'no priority', pod: { priorityClassName: 'system-node-critical' } } : undefined;
}

function ofContainer(
  { name }: KarmadaComponent,
  { spec }: ComponentWorkload,
  { isShared }: Room,
): readonly (Difference | undefined)[] {
  const found = spec.template?.spec?.containers?.find((each) => each.name === name);
  // Under another name it is somebody else's work.
  if (found === undefined) return [];
  const { cpu, memory, drainSeconds, probeSeconds } = needs[name];
  const requests = { cpu, memory, ...found.resources?.requests };
  const isAsked = Object.keys(requests).every((key) => found.resources?.requests?.[key] !== undefined);
  const drains = drainSeconds === undefined || found.lifecycle?.preStop !== undefined;
  const period = found.readinessProbe?.periodSeconds ?? 10;
  return [
    isAsked || isShared ? undefined : { what: 'no requests', container: { resources: { requests } } },
    drains
      ? undefined
      : {
          what: 'ends before its clients',
          container: { lifecycle: { preStop: { sleep: { seconds: drainSeconds } } } },
        },
    probeSeconds === undefined || period <= probeSeconds
      ? undefined
      : { what: `probed every ${period} s`, container: { readinessProbe: { periodSeconds: probeSeconds } } },
  ];
}

function isApart({ spec }: ComponentWorkload): boolean {
  const { requiredDuringSchedulingIgnoredDuringExecution: terms = [] } =
    spec.template?.spec?.affinity?.podAntiAffinity ?? {};
  return terms.some(({ topologyKey }) => topologyKey === hostKey);
}

const hostKey = 'kubernetes.io/hostname';

/**
 * A member that waits for its own node goes back there; one that moved in with another stays (observed: after two drains all three
 * were on one node). Not where it could never start again.
 */
function shared(found: ComponentWorkload, { etcdApart }: Room): Difference | undefined {
  if (isApart(found) || !etcdApart) return undefined;
  const term = { topologyKey: hostKey, labelSelector: { matchLabels: { app: 'etcd' } } };
  const podAntiAffinity = {
    requiredDuringSchedulingIgnoredDuringExecution: [term],
    preferredDuringSchedulingIgnoredDuringExecution: null,
  };
  return { what: 'members may share a node', pod: { affinity: { podAntiAffinity } } };
}
