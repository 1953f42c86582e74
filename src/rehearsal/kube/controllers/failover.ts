/** Karmada's failover (1.18.2): taints by policy, eviction of what does not tolerate them, and the end of an eviction. */

import { durationMs } from '../../../fleet/settings/duration.js';
import { at, canonical, isJson, type Json, listAt, numberAt, textAt } from '../../json.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { findObject, listObjects, timestamp } from '../api-server/store.js';
import { notedNumber, notes, type Tick } from '../tick.js';
import { readyCondition } from './cluster-conditions.js';
import { karmadaNamespace } from './control-plane.js';

/** The default of `--graceful-eviction-timeout` (cmd/controller-manager/app/options/options.go). */
const evictionMs = 10 * 60_000;
/** What a probe, its time-out and the monitor add to the threshold (observed: 38 to 60 s with the defaults). */
const probePushMs = 30_000;
const probePullMs = 20_000;

/** The value of a flag in a component's command; empty without it. */
export function flagOf(component: KubeObjectState | undefined, flag: string): string {
  const command = listAt(component, 'spec', 'template', 'spec', 'containers', 0, 'command');
  const found = command.find((part) => typeof part === 'string' && part.startsWith(`--${flag}=`));
  return typeof found === 'string' ? found.slice(flag.length + 3) : '';
}

function managerOf(parent: ApiState | undefined): KubeObjectState | undefined {
  return parent && findObject(parent, 'deployments', karmadaNamespace, 'karmada-controller-manager');
}

/** How long a silent member still counts as Ready. */
export function lostAfterMs(parent: ApiState | undefined, isPull: boolean): number {
  const flag = isPull ? 'cluster-monitor-grace-period' : 'cluster-failure-threshold';
  const set = durationMs(flagOf(managerOf(parent), flag)) ?? 0;
  if (isPull) return (set === 0 ? 40_000 : set) + probePullMs;
  return (set === 0 ? 30_000 : set) + probePushMs;
}

/** Changes when its pods are replaced: what the manager has in memory is lost then. */
export function managerTemplate(parent: ApiState | undefined): string {
  return canonical(at(managerOf(parent), 'spec', 'template'));
}

function hasFailover(parent: ApiState | undefined): boolean {
  return flagOf(managerOf(parent), 'feature-gates').split(',').includes('Failover=true');
}

/** The controller of ClusterTaintPolicies runs with the feature gate alone (cmd/controller-manager/app/controllermanager.go). */
export function taintByPolicies(
  tick: Tick,
  karmada: ApiState,
  parent: ApiState | undefined,
  cluster: KubeObjectState,
): void {
  if (!hasFailover(parent)) return;
  for (const policy of listObjects(karmada, 'clustertaintpolicies', '')) {
    const taints = listAt(policy, 'spec', 'taints');
    const has = (one: unknown): boolean => listAt(cluster, 'spec', 'taints').some((other) => isSameTaint(one, other));
    if (matches(cluster, listAt(policy, 'spec', 'addOnConditions'))) {
      const added = taints.filter((taint) => !has(taint)).map((taint) => withTime(tick, taint));
      setTaints(cluster, [...listAt(cluster, 'spec', 'taints'), ...added]);
    }
    if (matches(cluster, listAt(policy, 'spec', 'removeOnConditions'))) {
      const kept = listAt(cluster, 'spec', 'taints').filter((one) => !taints.some((taint) => isSameTaint(taint, one)));
      setTaints(cluster, kept);
    }
  }
}

function matches(cluster: KubeObjectState, conditions: readonly unknown[]): boolean {
  return (
    conditions.length > 0 &&
    conditions.every((wanted) => {
      if (textAt(wanted, 'conditionType') !== 'Ready') return false;
      const status = textAt(readyCondition(cluster), 'status');
      return status !== '' && listAt(wanted, 'statusValues').includes(status) === (textAt(wanted, 'operator') === 'In');
    })
  );
}

function isSameTaint(one: unknown, other: unknown): boolean {
  return textAt(one, 'key') === textAt(other, 'key') && textAt(one, 'effect') === textAt(other, 'effect');
}

function withTime(tick: Tick, taint: unknown): Json {
  return { ...(isJson(taint) ? taint : {}), timeAdded: timestamp(tick.at) };
}

function setTaints(cluster: KubeObjectState, taints: readonly unknown[]): void {
  const { taints: _, ...spec } = isJson(cluster['spec']) ? cluster['spec'] : {};
  cluster['spec'] = { ...spec, ...(taints.length === 0 ? {} : { taints }) };
}

/** Takes members out of a binding whose taints its placement does not tolerate (pkg/controllers/cluster/taint_manager.go). */
export function evict(tick: Tick, karmada: ApiState, parent: ApiState | undefined, binding: KubeObjectState): void {
  if (!hasFailover(parent) || flagOf(managerOf(parent), 'enable-no-execute-taint-eviction') !== 'true') return;
  for (const target of listAt(binding, 'spec', 'clusters')) {
    const name = textAt(target, 'name');
    const cluster = findObject(karmada, 'clusters', '', name);
    const taints = listAt(cluster, 'spec', 'taints').filter((taint) => textAt(taint, 'effect') === 'NoExecute');
    if (taints.length === 0 || taints.every((taint) => isTolerated(tick, binding, taint))) continue;
    const spec = isJson(binding['spec']) ? binding['spec'] : {};
    const task = {
      fromCluster: name,
      purgeMode: 'Gracefully',
      reason: 'TaintUntolerated',
      producer: 'TaintManager',
      replicas: numberAt(target, 'replicas') ?? 0,
      creationTimestamp: timestamp(tick.at),
    };
    binding['spec'] = {
      ...spec,
      clusters: listAt(spec, 'clusters').filter((each) => textAt(each, 'name') !== name),
      gracefulEvictionTasks: [...listAt(spec, 'gracefulEvictionTasks'), task],
    };
    notes(binding)['evictedAt'] = tick.at;
    tick.wake(tick.at);
  }
}

function isTolerated(tick: Tick, binding: KubeObjectState, taint: unknown): boolean {
  const tolerations = listAt(binding, 'spec', 'placement', 'clusterTolerations');
  const own = tolerations.find((each) =>
    ['key', 'effect'].every((part) => ['', textAt(taint, part)].includes(textAt(each, part))),
  );
  if (own === undefined) return false;
  const seconds = numberAt(own, 'tolerationSeconds');
  if (seconds === undefined) return true;
  const until = Date.parse(textAt(taint, 'timeAdded')) + seconds * 1000;
  if (until > tick.at) tick.wake(until);
  return until > tick.at;
}

/** Replicas by member that is being left: what runs there stays until the eviction is over. */
export function leaving(binding: KubeObjectState): Record<string, number> {
  return Object.fromEntries(
    listAt(binding, 'spec', 'gracefulEvictionTasks').map((task) => [
      textAt(task, 'fromCluster'),
      numberAt(task, 'replicas') ?? 0,
    ]),
  );
}

/** An eviction ends when all that was scheduled is healthy, or after ten minutes (pkg/controllers/gracefuleviction/evictiontask.go). */
export function endEvictions(tick: Tick, binding: KubeObjectState, isHealthy: () => boolean): void {
  const tasks = listAt(binding, 'spec', 'gracefulEvictionTasks');
  if (tasks.length === 0) return;
  const over = (notedNumber(binding, 'evictedAt') ?? tick.at) + evictionMs;
  if (over > tick.at && !isHealthy()) {
    tick.wake(over);
    return;
  }
  const { gracefulEvictionTasks: _, ...spec } = isJson(at(binding, 'spec')) ? (binding['spec'] as Json) : {};
  binding['spec'] = spec;
  tick.wake(tick.at);
}
