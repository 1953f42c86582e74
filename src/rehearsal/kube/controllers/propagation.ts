/**
 * Karmada's scheduler: binds Deployments to policies, divides their replicas among members, and gathers their
 * status.
 */

import { at, canonical, isJson, listAt, numberAt, sameJson, textAt } from '../../json.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { dropObject, findObject, listObjects, upsert } from '../api-server/store.js';
import { elapsed, notedText, notes, type Tick } from '../tick.js';
import { isClusterReady, memberOf } from './clusters.js';
import { componentReady, parentOf } from './control-plane.js';
import { divideByWeight } from './division.js';
import { endEvictions, evict, leaving } from './failover.js';
import { assignments, deploymentOf, isOfSecret, secretOf, spreadAll } from './spreading.js';
import { readyReplicas, replicasOf } from './workloads.js';

const scheduleMs = 2_000;

export function settlePropagation(tick: Tick, karmada: ApiState): void {
  const parent = parentOf(tick, karmada);
  if (!componentReady(parent, 'karmada-controller-manager')) return;
  for (const deployment of listObjects(karmada, 'deployments')) bind(tick, karmada, deployment);
  bindSecrets(tick, karmada);
  for (const binding of listObjects(karmada, 'resourcebindings')) {
    if (isOfSecret(binding)) settleSecret(tick, karmada, binding, componentReady(parent, 'karmada-scheduler'));
    if (textAt(binding, 'spec', 'resource', 'kind') !== 'Deployment') continue;
    const deployment = deploymentOf(karmada, binding);
    if (deployment === undefined) {
      dropObject(karmada, 'resourcebindings', binding);
      continue;
    }
    evict(tick, karmada, parent, binding);
    endEvictions(tick, binding, () => isHealthy(tick, karmada, binding, deployment));
    if (componentReady(parent, 'karmada-scheduler')) schedule(tick, karmada, binding, deployment);
  }
  spreadAll(tick, karmada);
  for (const deployment of listObjects(karmada, 'deployments')) gatherStatus(tick, karmada, deployment);
}

function bind(tick: Tick, karmada: ApiState, deployment: KubeObjectState): void {
  const { name, namespace = '' } = deployment.metadata;
  const policy = listObjects(karmada, 'propagationpolicies', namespace).find((one) => selects(one, deployment));
  const bindingName = `${name}-deployment`;
  const before = findObject(karmada, 'resourcebindings', namespace, bindingName);
  if (policy === undefined) return;
  const resource = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name };
  const { suspension: _, ...kept } = isJson(before?.['spec']) ? before['spec'] : {};
  const suspension = at(policy, 'spec', 'suspension');
  const spec = {
    ...kept,
    // Always what the policy has (1.18.2, pkg/util/binding.go, MergePolicySuspension).
    ...(suspension === undefined ? {} : { suspension }),
    resource,
    replicas: replicasOf(deployment),
    placement: at(policy, 'spec', 'placement'),
  };
  if (before !== undefined && sameJson(before['spec'], spec)) return;
  const annotations = {
    'propagationpolicy.karmada.io/name': policy.metadata.name,
    'propagationpolicy.karmada.io/namespace': namespace,
  };
  upsert(karmada, 'resourcebindings', { metadata: { name: bindingName, namespace, annotations }, spec }, tick.at);
  tick.wake(tick.at);
}

/** Only of Secrets that a policy names. */
function bindSecrets(tick: Tick, karmada: ApiState): void {
  for (const policy of listObjects(karmada, 'propagationpolicies')) {
    const { namespace = '' } = policy.metadata;
    for (const selector of listAt(policy, 'spec', 'resourceSelectors')) {
      const name = textAt(selector, 'name');
      if (textAt(selector, 'kind') !== 'Secret' || findObject(karmada, 'secrets', namespace, name) === undefined)
        continue;
      const bindingName = `${name}-secret`;
      if (findObject(karmada, 'resourcebindings', namespace, bindingName) !== undefined) continue;
      const resource = { apiVersion: 'v1', kind: 'Secret', namespace, name };
      const spec = { resource, placement: at(policy, 'spec', 'placement') };
      upsert(karmada, 'resourcebindings', { metadata: { name: bindingName, namespace }, spec }, tick.at);
      tick.wake(tick.at);
    }
  }
}

/** What has no replicas goes to every member that its policy names (1.18.2, pkg/scheduler/core/common.go). */
function settleSecret(tick: Tick, karmada: ApiState, binding: KubeObjectState, mayBind: boolean): void {
  if (secretOf(karmada, binding) === undefined) {
    dropObject(karmada, 'resourcebindings', binding);
    return;
  }
  if (!mayBind) return;
  const ready = listObjects(karmada, 'clusters', '').filter(isClusterReady);
  const named = listAt(binding, 'spec', 'placement', 'clusterAffinity', 'clusterNames');
  const names = ready.map(({ metadata }) => metadata.name).filter((name) => named.length === 0 || named.includes(name));
  const clusters = names.map((name) => ({ name }));
  if (sameJson(clusters, listAt(binding, 'spec', 'clusters'))) return;
  binding['spec'] = { ...(isJson(binding['spec']) ? binding['spec'] : {}), clusters };
  tick.wake(tick.at);
}

function selects(policy: KubeObjectState, deployment: KubeObjectState): boolean {
  return listAt(policy, 'spec', 'resourceSelectors').some((selector) => {
    const { name = '', apiVersion, kind } = isJson(selector) ? selector : {};
    return apiVersion === 'apps/v1' && kind === 'Deployment' && (name === '' || name === deployment.metadata.name);
  });
}

/**
 * Divides anew only when the placement, the replicas or the clusters in use have changed: a member that comes back gets
 * nothing until then (observed with 1.18.2, join / unjoin: rejoining does not rebalance).
 */
function schedule(tick: Tick, karmada: ApiState, binding: KubeObjectState, deployment: KubeObjectState): void {
  const clusters = listObjects(karmada, 'clusters', '').filter((one) => one.metadata.deletionTimestamp === undefined);
  const names = new Set(clusters.map((cluster) => cluster.metadata.name));
  const wanted = canonical([at(binding, 'spec', 'placement'), replicasOf(deployment)]);
  const assigned = assignments(binding);
  const lost = Object.keys(assigned).some((name) => !names.has(name));
  const divided = textAt(binding, 'spec', 'placement', 'replicaScheduling', 'replicaSchedulingType') === 'Divided';
  const total = Object.values(assigned).reduce((sum, count) => sum + count, 0);
  const short = divided && total !== replicasOf(deployment);
  const stale = notedText(binding, 'scheduledFor') !== wanted || lost || short || total === 0;
  if (!elapsed(tick, binding, 'schedulingSince', stale, scheduleMs)) return;
  const evicted = leaving(binding);
  const answering = clusters.filter(isClusterReady).map((cluster) => cluster.metadata.name);
  const ready = answering.filter((name) => !(name in evicted));
  if (ready.length === 0) return;
  const result = divide(binding, replicasOf(deployment), ready);
  if (Object.keys(result).length === 0) return;
  const list = Object.entries(result).map(([name, replicas]) => ({ name, replicas }));
  binding['spec'] = { ...(isJson(binding['spec']) ? binding['spec'] : {}), clusters: list };
  notes(binding)['scheduledFor'] = wanted;
  delete notes(binding)['schedulingSince'];
  tick.wake(tick.at);
}

function divide(binding: KubeObjectState, replicas: number, ready: readonly string[]): Record<string, number> {
  const placement = at(binding, 'spec', 'placement');
  const affinity = listAt(placement, 'clusterAffinity', 'clusterNames');
  const candidates = ready.filter((name) => affinity.length === 0 || affinity.includes(name));
  if (textAt(placement, 'replicaScheduling', 'replicaSchedulingType') !== 'Divided') {
    return Object.fromEntries(candidates.map((name) => [name, replicas]));
  }
  const list = listAt(placement, 'replicaScheduling', 'weightPreference', 'staticWeightList');
  const weightOf = (name: string) =>
    list.length === 0
      ? 1
      : Math.max(
          0,
          ...list.map((rule) =>
            listAt(rule, 'targetCluster', 'clusterNames').includes(name) ? (numberAt(rule, 'weight') ?? 0) : 0,
          ),
        );
  return divideByWeight(
    replicas,
    Object.fromEntries(candidates.map((name) => [name, weightOf(name)])),
    binding.metadata.uid,
  );
}

/** Whether every member that has a part of it runs all of that part. */
function isHealthy(tick: Tick, karmada: ApiState, binding: KubeObjectState, deployment: KubeObjectState): boolean {
  const { name, namespace = '' } = deployment.metadata;
  const parts = Object.entries(assignments(binding));
  return (
    parts.length > 0 &&
    parts.every(([clusterName, replicas]) => {
      const cluster = findObject(karmada, 'clusters', '', clusterName);
      const member = cluster === undefined ? undefined : memberOf(tick, karmada, cluster);
      const part = member === undefined ? undefined : findObject(member, 'deployments', namespace, name);
      return readyReplicas(part) >= replicas;
    })
  );
}

/** Karmada writes the sum of the members' statuses into its own Deployment. */
function gatherStatus(tick: Tick, karmada: ApiState, deployment: KubeObjectState): void {
  const { name, namespace = '' } = deployment.metadata;
  const binding = findObject(karmada, 'resourcebindings', namespace, `${name}-deployment`);
  if (binding === undefined) return;
  const parts = Object.keys(assignments(binding)).flatMap((clusterName) => {
    const cluster = findObject(karmada, 'clusters', '', clusterName);
    const member = cluster === undefined ? undefined : memberOf(tick, karmada, cluster);
    return (member === undefined ? undefined : findObject(member, 'deployments', namespace, name)) ?? [];
  });
  const sum = (field: string) => parts.reduce((total, part) => total + (numberAt(part, 'status', field) ?? 0), 0);
  const fields = ['replicas', 'readyReplicas', 'availableReplicas', 'updatedReplicas'];
  const status = {
    observedGeneration: Number(deployment.metadata['generation'] ?? 1),
    ...Object.fromEntries(fields.map((field) => [field, sum(field)]).filter(([, total]) => total !== 0)),
  };
  if (!sameJson(status, deployment['status'])) deployment['status'] = status;
}
