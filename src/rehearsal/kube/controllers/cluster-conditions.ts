/** Conditions of Karmada's Cluster objects, and the taints that follow from them (pkg/controllers/cluster, 1.18.2). */

import { isJson, listAt, textAt } from '../../json.js';
import type { KubeObjectState } from '../../state.js';
import { timestamp } from '../api-server/store.js';
import type { Tick } from '../tick.js';

interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

/** The condition Ready; undefined before the first report. */
export function readyCondition(cluster: KubeObjectState): unknown {
  return listAt(cluster, 'status', 'conditions').find((condition) => textAt(condition, 'type') === 'Ready');
}

/** The conditions with one of them set; its `lastTransitionTime` changes with its status only. */
export function withCondition(tick: Tick, conditions: readonly unknown[], wanted: Condition): readonly unknown[] {
  const before = conditions.find((condition) => textAt(condition, 'type') === wanted.type);
  const since = textAt(before, 'status') === wanted.status ? textAt(before, 'lastTransitionTime') : timestamp(tick.at);
  const set = { ...wanted, lastTransitionTime: since };
  if (before === undefined) return [...conditions, set];
  return conditions.map((condition) => (condition === before ? set : condition));
}

const notReady = 'cluster.karmada.io/not-ready';
const unreachable = 'cluster.karmada.io/unreachable';

/** A member that is not Ready, or not yet, gets no new work; the taints of people stay. */
export function taintByCondition(tick: Tick, cluster: KubeObjectState): void {
  const status = textAt(readyCondition(cluster), 'status');
  const key = status === 'True' ? undefined : status === 'Unknown' ? unreachable : notReady;
  const before = listAt(cluster, 'spec', 'taints');
  const isOwn = (taint: unknown): boolean =>
    textAt(taint, 'effect') === 'NoSchedule' && [notReady, unreachable].includes(textAt(taint, 'key'));
  const others = before.filter((taint) => !isOwn(taint));
  const has = before.some((taint) => isOwn(taint) && textAt(taint, 'key') === key);
  if (has || (key === undefined && others.length === before.length)) return;
  const own = key === undefined ? [] : [{ effect: 'NoSchedule', key, timeAdded: timestamp(tick.at) }];
  const { taints: _, ...spec } = isJson(cluster['spec']) ? cluster['spec'] : {};
  const taints = [...others, ...own];
  cluster['spec'] = { ...spec, ...(taints.length === 0 ? {} : { taints }) };
}
