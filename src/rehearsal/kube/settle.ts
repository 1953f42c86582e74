/** Brings all simulated APIs up to the present, one event after another; nothing in them runs by itself. */

import { Problem } from '../../errors/problem.js';
import { never } from '../durations.js';
import { textAt } from '../json.js';
import type { Simulation } from '../simulation.js';
import type { AccountState, ApiState, Moment } from '../state.js';
import { checkIndex, revisionOf } from './api-server/object-index.js';
import { findObject, listObjects } from './api-server/store.js';
import { settleClusters } from './controllers/clusters.js';
import { karmadaNamespace, settleControlPlane } from './controllers/control-plane.js';
import { settleCronJobs } from './controllers/jobs/cron-jobs.js';
import { settleAgent } from './controllers/karmada-agent.js';
import { settleLoadBalancers } from './controllers/load-balancers/load-balancers.js';
import { settleNamespaces } from './controllers/namespaces.js';
import { settlePods } from './controllers/pods/pods.js';
import { settlePropagation } from './controllers/propagation.js';
import { settleScheduling } from './controllers/scheduling.js';
import { settleTokens } from './controllers/tokens.js';
import { settleVolumes } from './controllers/volumes.js';
import { settleWorkloadStatus, settleWorkloads } from './controllers/workloads.js';
import { settleSigningRequests } from './karmada/signing-requests.js';
import { notedText, type Tick } from './tick.js';

type Controller = (tick: Tick, api: ApiState) => void;

const controllers: Record<ApiState['kind'], readonly Controller[]> = {
  eks: [
    settleNamespaces,
    settleTokens,
    settleLoadBalancers,
    settleWorkloads,
    settleCronJobs,
    settleScheduling,
    settleVolumes,
    settlePods,
    settleWorkloadStatus,
    settleControlPlane,
    settleAgent,
  ],
  karmada: [settleNamespaces, settleSigningRequests, settleClusters, settlePropagation],
  plain: [
    settleNamespaces,
    settleTokens,
    settleWorkloads,
    settleScheduling,
    settlePods,
    settleWorkloadStatus,
    settleAgent,
  ],
};

/** More events than this in one call mean that two controllers undo each other's work. */
const mostRounds = 20_000;

/**
 * Settles every API of the account up to now. Call it before anything that the APIs' controllers change is read:
 * objects, load balancers, network interfaces of load balancers, volumes.
 */
export function settleApis(looked: Simulation): void {
  // Clusters of all accounts run on, whoever looks.
  const simulation = looked.whole ?? looked;
  const { state } = simulation;
  const now = looked.now();
  if (settledAs.get(state) === writtenIn(state) && now < (state.kubeWakeAt ?? never)) return;
  run(simulation, now);
  settledAs.set(state, writtenIn(state));
}

/** By account: what had been written when its controllers came to rest. Most reads come before there is anything new for them. */
const settledAs = new WeakMap<AccountState, string>();

/** The next settling runs the controllers: something was written of which the stores of the APIs do not know. */
export function unsettle(state: AccountState): void {
  settledAs.delete(state);
}

/** One text for all that was made or written through the stores of the APIs, and for which of them answer. */
function writtenIn(state: AccountState): string {
  const apis = Object.values(state.apis).map((api) => `${revisionOf(api)}${api.reachable}`);
  return [state.nextId, state.conditions.length, ...apis].join();
}

function run(simulation: Simulation, now: Moment): void {
  const { state } = simulation;
  for (let round = 0; round < mostRounds; round += 1) {
    const at = Math.min(state.kubeWakeAt ?? now, now);
    const next = settleAt(simulation, at);
    if (next === undefined) delete state.kubeWakeAt;
    else state.kubeWakeAt = next;
    if (next !== undefined && next <= now) continue;
    if (at === now) return;
    state.kubeWakeAt = now;
  }
  throw new Problem('internal', { what: 'the simulated Kubernetes controllers do not come to rest' });
}

/** Runs every controller once; answers the earliest moment at which one of them must run again. */
function settleAt(simulation: Simulation, at: Moment): Moment | undefined {
  let next: Moment | undefined;
  const tick: Tick = {
    simulation,
    at,
    wake: (moment) => {
      next = earlier(next, moment);
    },
  };
  for (const api of Object.values(simulation.state.apis)) {
    if (!api.reachable || isQuiet(api)) continue;
    checkIndex(api.objects);
    const before = next;
    next = undefined;
    for (const controller of controllers[api.kind]) controller(tick, api);
    if (next === undefined) cameToRest(api);
    next = earlier(before, next);
  }
  return next;
}

function earlier(one: Moment | undefined, other: Moment | undefined): Moment | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

/** By API: the revision at which its controllers had nothing to do and nothing to wait for. */
const restingAt = new WeakMap<ApiState, number>();

/** Whether nothing has been written into an API since its controllers came to rest. */
function isQuiet(api: ApiState): boolean {
  const rested = restingAt.get(api);
  return rested !== undefined && rested === revisionOf(api);
}

/** Call it after a run of all controllers of an API in which none asked for another. */
function cameToRest(api: ApiState): void {
  if (!dependsOnOthers(api)) restingAt.set(api, revisionOf(api));
}

/** AWS changes what becomes of Services with a load balancer and of claims, the Karmada API what becomes of an agent. */
function dependsOnOthers(api: ApiState): boolean {
  if (api.kind === 'karmada') return true;
  const agent = findObject(api, 'deployments', karmadaNamespace, 'karmada-agent');
  if (agent !== undefined && notedText(agent, 'registered') === undefined) return true;
  const volumes = ['persistentvolumeclaims', 'persistentvolumes'];
  return (
    volumes.some((plural) => listObjects(api, plural).length > 0) ||
    listObjects(api, 'services').some((service) => textAt(service, 'spec', 'type') === 'LoadBalancer')
  );
}
