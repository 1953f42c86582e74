/** The AWS-run cloud controller: makes a load balancer for a Service, keeps it, and deletes it before the Service. */

import { takeCondition } from '../../../account/conditions.js';
import { durations } from '../../../durations.js';
import { at, canonical, isJson, textAt } from '../../../json.js';
import type { ApiState, KubeObjectState, LoadBalancerState } from '../../../state.js';
import { type Happening, recordAgain } from '../../api-server/events.js';
import { dropObject, listObjects, loadBalancerFinalizer } from '../../api-server/store.js';
import { elapsed, notedNumber, notedText, notes, type Tick } from '../../tick.js';
import { removeTargetGroups, syncTargets } from './balancer-parts.js';
import { groupOf, removeRules, syncRules } from './balancer-rules.js';
import { addInterfaces, removeInterfaces } from './interfaces.js';
import { annotation, makeBalancer } from './make-balancer.js';

/** From the Service to a hostname in its status; the load balancer is still provisioning then. */
const hostnameMs = 5_000;
/** From a change of a Service or of the nodes to what follows from it [est]. */
const syncMs = 3_000;
const deletionMs = 30_000;
/** The first and the longest wait after a failure; each is twice the one before (kubernetes/cloud-provider, `controller.go`). */
const [firstRetryMs, lastRetryMs] = [5_000, 300_000];

export function settleLoadBalancers(tick: Tick, api: ApiState): void {
  for (const service of listObjects(api, 'services')) {
    if (service.metadata.deletionTimestamp !== undefined) removeWithService(tick, api, service);
    else if (textAt(service, 'spec', 'type') === 'LoadBalancer') provide(tick, api, service);
  }
  settleInterfaces(tick, api);
}

/**
 * Whether the cloud controller in EKS serves a Service: it leaves `external` and `nlb-ip` to others, but for their
 * finalizer (aws.md 2.1).
 */
function isServed(service: KubeObjectState): boolean {
  return !['external', 'nlb-ip'].includes(annotation(service, 'type'));
}

function provide(tick: Tick, api: ApiState, service: KubeObjectState): void {
  if (at(service, 'spec', 'loadBalancerClass') !== undefined) return;
  addFinalizer(service);
  if (!isServed(service)) return;
  const isNew = notedText(service, 'balancer') === undefined && notedNumber(service, 'retryAt') === undefined;
  const made = isNew ? makeBalancer(tick, api, service) : undefined;
  if (typeof made === 'string') syncFailed(tick, api, service, 'service', made);
  else sync(tick, api, service);
  const balancer = find(tick, api, service);
  if (balancer === undefined || !elapsed(tick, service, 'provisioningSince', true, hostnameMs)) return;
  // It is written after everything else has succeeded.
  if (notedText(service, 'ensured') === undefined) return;
  service['status'] = { loadBalancer: { ingress: [{ hostname: balancer.hostname }] } };
}

function addFinalizer({ metadata }: KubeObjectState): void {
  const finalizers = Array.isArray(metadata['finalizers']) ? metadata['finalizers'] : [];
  if (!finalizers.includes(loadBalancerFinalizer)) metadata['finalizers'] = [...finalizers, loadBalancerFinalizer];
}

/** What a sync is for: the Service asks for something else, or nodes came or went; nothing else is looked at. */
type Cause = 'service' | 'nodes';

/** Does what is due, and once more some time after it failed. */
function sync(tick: Tick, api: ApiState, service: KubeObjectState): void {
  const instances = instancesOf(api);
  const { loadBalancerSourceRanges, ports } = isJson(service['spec']) ? service['spec'] : {};
  const asked = canonical([loadBalancerSourceRanges, ports, service.metadata.annotations]);
  const isChanged = notedText(service, 'syncedFor') !== asked;
  const hasOtherNodes = notedText(service, 'syncedNodes') !== instances.join();
  const serviceIsDue = elapsed(tick, service, 'changedSince', isChanged, syncMs);
  const nodesAreDue = elapsed(tick, service, 'nodesSince', !isChanged && hasOtherNodes, syncMs);
  const retryAt = notedNumber(service, 'retryAt');
  const retryIsDue = retryAt !== undefined && retryAt <= tick.at;
  if (retryAt !== undefined && !retryIsDue) tick.wake(retryAt);
  if (!serviceIsDue && !nodesAreDue && !retryIsDue) return;
  const isForService = serviceIsDue || (retryIsDue && notedText(service, 'retryFor') === 'service');
  Object.assign(notes(service), { syncedFor: asked, syncedNodes: instances.join() });
  ensure(tick, api, service, instances, isForService ? 'service' : 'nodes');
}

/** Every node with an instance, ready or not (kubernetes/cloud-provider, `stableNodeSetPredicates`). */
function instancesOf(api: ApiState): readonly string[] {
  return listObjects(api, 'nodes', '').flatMap((node) => textAt(node, 'spec', 'providerID').split('/').at(-1) || []);
}

function ensure(tick: Tick, api: ApiState, service: KubeObjectState, instances: readonly string[], cause: Cause): void {
  const tell = (type: Happening['type'], reason: string, message: string): void =>
    recordAgain(tick, api, service, { type, reason, message });
  if (cause === 'service') tell('Normal', 'EnsuringLoadBalancer', 'Ensuring load balancer');
  if (instances.length === 0)
    tell('Warning', 'UnAvailableLoadBalancer', 'There are no available nodes for LoadBalancer');
  const refusal = provideAll(tick, api, service, instances, cause);
  if (refusal !== undefined) {
    syncFailed(tick, api, service, cause, refusal);
    return;
  }
  const kept = notes(service);
  for (const note of ['retryAt', 'retryMs', 'retryFor']) delete kept[note];
  kept['ensured'] = 'yes';
  if (cause === 'service') tell('Normal', 'EnsuredLoadBalancer', 'Ensured load balancer');
  else if (instances.length > 0) tell('Normal', 'UpdatedLoadBalancer', 'Updated load balancer with new hosts');
}

/** The load balancer, its targets, the rules; answers what went wrong. */
function provideAll(
  tick: Tick,
  api: ApiState,
  service: KubeObjectState,
  instances: readonly string[],
  cause: Cause,
): string | undefined {
  const failure = takeCondition(tick.simulation.state, 'balancer-fails', () => true);
  if (failure !== undefined) return failure.reason;
  const there = find(tick, api, service);
  // Nodes alone are no reason to make one that somebody deleted.
  if (there === undefined && cause === 'nodes') return undefined;
  const balancer = there ?? makeBalancer(tick, api, service);
  if (typeof balancer === 'string') return balancer;
  if (balancer.kind !== 'network') return undefined;
  const region = tick.simulation.region(api.region);
  syncTargets(tick, api, balancer, service, instances);
  const group = groupOf(region, api);
  if (group === undefined) return undefined;
  return syncRules({ account: tick.simulation.state, group }, region, balancer, service, instances.length > 0);
}

const failures = {
  service: 'Error syncing load balancer: failed to ensure load balancer',
  nodes: 'Error updating load balancer with new hosts',
  removal: 'Error syncing load balancer: failed to delete load balancer',
} as const;

function syncFailed(
  tick: Tick,
  api: ApiState,
  service: KubeObjectState,
  cause: keyof typeof failures,
  why: string,
): void {
  const last = notedNumber(service, 'retryMs');
  const retryMs = last === undefined ? firstRetryMs : Math.min(2 * last, lastRetryMs);
  Object.assign(notes(service), { retryAt: tick.at + retryMs, retryMs, retryFor: cause });
  tick.wake(tick.at + retryMs);
  const reason = cause === 'nodes' ? 'UpdateLoadBalancerFailed' : 'SyncLoadBalancerFailed';
  const message = `${failures[cause]}: ${why}`;
  recordAgain(tick, api, service, { type: 'Warning', reason, message });
}

/** What stood next to a load balancer that went by other hands stays (`EnsureLoadBalancerDeleted`). */
function removeWithService(tick: Tick, api: ApiState, service: KubeObjectState): void {
  const balancer = find(tick, api, service);
  const tell = (reason: string, message: string): void =>
    recordAgain(tick, api, service, { type: 'Normal', reason, message });
  if (balancer !== undefined && notedNumber(service, 'removingSince') === undefined)
    tell('DeletingLoadBalancer', 'Deleting load balancer');
  if (balancer !== undefined && !elapsed(tick, service, 'removingSince', true, deletionMs)) return;
  if (balancer !== undefined && removalFails(tick, api, service)) return;
  if (balancer !== undefined) {
    tell('DeletedLoadBalancer', 'Deleted load balancer');
    const region = tick.simulation.region(api.region);
    const group = groupOf(region, api);
    balancer.deletedAt = tick.at;
    removeTargetGroups(region, balancer);
    if (group !== undefined) removeRules({ account: tick.simulation.state, group }, balancer);
  }
  dropObject(api, 'services', service);
  tick.wake(tick.at);
}

/** Tried again as after any failure. */
function removalFails(tick: Tick, api: ApiState, service: KubeObjectState): boolean {
  const retryAt = notedNumber(service, 'retryAt') ?? tick.at;
  if (retryAt > tick.at) {
    tick.wake(retryAt);
    return true;
  }
  const failure = takeCondition(tick.simulation.state, 'balancer-fails', () => true);
  if (failure !== undefined) syncFailed(tick, api, service, 'removal', failure.reason);
  return failure !== undefined;
}

/** Interfaces appear when the load balancer becomes active and linger a little after it. */
function settleInterfaces(tick: Tick, api: ApiState): void {
  for (const balancer of tick.simulation.region(api.region).loadBalancers) {
    if (balancer.api !== api.key) continue;
    if (balancer.deletedAt === undefined) {
      if (balancer.activeAt <= tick.at) addInterfaces(tick, api, balancer);
      else tick.wake(balancer.activeAt);
    } else if (balancer.deletedAt + durations.balancerLinger <= tick.at) {
      removeInterfaces(tick.simulation.region(api.region), balancer);
    } else {
      tick.wake(balancer.deletedAt + durations.balancerLinger);
    }
  }
}

function find(tick: Tick, api: ApiState, service: KubeObjectState): LoadBalancerState | undefined {
  const name = notedText(service, 'balancer');
  return tick.simulation
    .region(api.region)
    .loadBalancers.find((balancer) => balancer.name === name && balancer.deletedAt === undefined);
}
