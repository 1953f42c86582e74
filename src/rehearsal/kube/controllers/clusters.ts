/** Karmada's cluster controllers: the state of each member, its execution namespace, and its orderly removal. */

import { isJson, listAt, sameJson, textAt } from '../../json.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { apiSeenBy, type KubernetesApi, versionOf } from '../access/endpoints.js';
import { foreignFinalizers, requestDeletion } from '../api-server/deletion.js';
import { revisionOf } from '../api-server/object-index.js';
import { dropObject, ensureNamespace, findObject, listObjects } from '../api-server/store.js';
import { elapsed, notes, type Tick } from '../tick.js';
import { settleAgentCertificate } from './agent-certificate.js';
import { readyCondition, taintByCondition, withCondition } from './cluster-conditions.js';
import { componentReady, karmadaNamespace, parentOf } from './control-plane.js';
import { lostAfterMs, managerTemplate, taintByPolicies } from './failover.js';
import { isReady } from './scheduling.js';
import { bearerOf } from './tokens.js';
import { readyReplicas } from './workloads.js';

/** Namespace of the members' credentials, in Karmada and in push members. */
export const credentialsNamespace = 'karmada-cluster';

const readyMs = 3_000;
/** Of a push member that was lost: the default of `--cluster-success-threshold` (1.18.2), and the next probe. */
const backMs = 35_000;
/** From the deletion of a Cluster object to its end (observed with 1.18.2, join / unjoin: unjoin waits ~30 s). */
const removalMs = 28_000;
/** The same for a pull member that is not Ready: Karmada does not wait for it any more (observed with 1.18.2, 2026-11-22). */
const abandonMs = 10_000;

export function settleClusters(tick: Tick, karmada: ApiState): void {
  if (!componentReady(parentOf(tick, karmada), 'karmada-controller-manager')) return;
  for (const cluster of listObjects(karmada, 'clusters', '')) {
    const served = isServed(tick, karmada, cluster) && speaks(tick, karmada, cluster);
    report(tick, karmada, cluster, served);
    if (cluster.metadata.deletionTimestamp !== undefined) remove(tick, karmada, cluster, served);
    else accept(tick, karmada, cluster);
    taintByPolicies(tick, karmada, parentOf(tick, karmada), cluster);
  }
}

function accept(tick: Tick, karmada: ApiState, cluster: KubeObjectState): void {
  taintByCondition(tick, cluster);
  cluster.metadata['finalizers'] = ['karmada.io/cluster-controller', ...foreignFinalizers(cluster)];
  ensureNamespace(karmada, executionNamespace(cluster), tick.at);
}

/** Waits until the member has been emptied: for a dead push member for ever (observed with 1.18.2, 2026-11-22). */
function remove(tick: Tick, karmada: ApiState, cluster: KubeObjectState, served: boolean): void {
  const space = findObject(karmada, 'namespaces', '', executionNamespace(cluster));
  if (space !== undefined) requestDeletion(tick.at, karmada, 'namespaces', space);
  const emptied = elapsed(tick, cluster, 'removingSince', served, removalMs);
  const lost = !served && isPull(cluster) && !isClusterReady(cluster);
  if (!elapsed(tick, cluster, 'abandonedSince', lost, abandonMs) && !emptied) return;
  if (foreignFinalizers(cluster).length > 0) return;
  forgetCluster(karmada, cluster);
  tick.wake(tick.at);
}

/** For what is asked outside of a run of the controllers, too. */
type Anytime = Pick<Tick, 'simulation'>;

/** The API of a member, found by the endpoint in its Cluster object; undefined when it is deleted or unreachable. */
export function memberOf(tick: Anytime, karmada: ApiState, cluster: KubeObjectState): ApiState | undefined {
  return livingMember(tick, karmada, cluster)?.api;
}

function livingMember({ simulation }: Anytime, karmada: ApiState, cluster: KubeObjectState): KubernetesApi | undefined {
  const found = apiSeenBy(simulation, karmada, cluster);
  return found?.api.reachable ? found : undefined;
}

/** Whether the member answers, and in push mode takes Karmada's token, or in pull mode its agent runs: it is the agent that reports and that cleans up. */
export function isServed(tick: Anytime, karmada: ApiState, cluster: KubeObjectState): boolean {
  const member = memberOf(tick, karmada, cluster);
  if (member === undefined) return false;
  if (!isPull(cluster)) return admits(member, karmada, cluster);
  return readyReplicas(findObject(member, 'deployments', karmadaNamespace, 'karmada-agent')) > 0;
}

/** Whether Karmada's token is good there; where it has none at all, a Cluster object was made by hand, and is taken to be good. */
function admits(member: ApiState, karmada: ApiState, { metadata }: KubeObjectState): boolean {
  const token = textAt(findObject(karmada, 'secrets', credentialsNamespace, metadata.name), 'data', 'token');
  return token === '' || bearerOf(member, token) !== undefined;
}

/** Whether Karmada still admits the agent of a pull member. */
function speaks(tick: Tick, karmada: ApiState, cluster: KubeObjectState): boolean {
  const member = isPull(cluster) ? memberOf(tick, karmada, cluster) : undefined;
  return member === undefined || settleAgentCertificate(tick, parentOf(tick, karmada), member);
}

export function isClusterReady(cluster: KubeObjectState): boolean {
  return textAt(readyCondition(cluster), 'status') === 'True';
}

function isPull(cluster: KubeObjectState): boolean {
  return textAt(cluster, 'spec', 'syncMode') === 'Pull';
}

/** Where Karmada keeps the Works of a member. */
export function executionNamespace(cluster: KubeObjectState): string {
  return `karmada-es-${cluster.metadata.name}`;
}

/** By Cluster object: the revision of the member's API that it reports. Most members have not changed since. */
const reported = new WeakMap<KubeObjectState, number>();

function report(tick: Tick, karmada: ApiState, cluster: KubeObjectState, served: boolean): void {
  const lostMs = isForgotten(tick, karmada, cluster, served)
    ? 0
    : lostAfterMs(parentOf(tick, karmada), isPull(cluster));
  const lost = elapsed(tick, cluster, 'lostSince', !served, lostMs);
  const comesBack = !isPull(cluster) && textAt(readyCondition(cluster), 'status') === 'False';
  const found = livingMember(tick, karmada, cluster);
  if (elapsed(tick, cluster, 'reachableSince', served, comesBack ? backMs : readyMs) && found !== undefined) {
    if (reported.get(cluster) === revisionOf(found.api)) return;
    reported.set(cluster, revisionOf(found.api));
    const nodes = listObjects(found.api, 'nodes', '');
    writeStatus(tick, cluster, {
      kubernetesVersion: `v${versionOf(found)}`,
      conditions: readyConditions(tick, cluster),
      nodeSummary: { totalNum: nodes.length, readyNum: nodes.filter(isReady).length },
    });
  } else if (lost) {
    reported.delete(cluster);
    const before = isJson(cluster['status']) ? cluster['status'] : {};
    writeStatus(tick, cluster, { ...before, conditions: lostConditions(tick, cluster) });
  }
}

/** Whether the manager has been replaced since a push member became silent: it believes what it sees first (cluster_condition_cache.go). */
function isForgotten(tick: Tick, karmada: ApiState, cluster: KubeObjectState, served: boolean): boolean {
  const kept = notes(cluster);
  if (served || isPull(cluster)) {
    delete kept['silentUnder'];
    return false;
  }
  const template = managerTemplate(parentOf(tick, karmada));
  kept['silentUnder'] ??= template;
  return kept['silentUnder'] !== template;
}

/** Ready is not the first of them (observed with 1.18.2, 2026-11-22). */
function readyConditions(tick: Tick, cluster: KubeObjectState): readonly unknown[] {
  const enabled = withCondition(tick, listAt(cluster, 'status', 'conditions'), {
    type: 'CompleteAPIEnablements',
    status: 'True',
    reason: 'Complete',
    message: 'collected complete APIEnablements from the cluster',
  });
  return withCondition(tick, enabled, {
    type: 'Ready',
    status: 'True',
    reason: 'ClusterReady',
    message: 'cluster is healthy and ready to accept workloads',
  });
}

/** Of a pull member nobody reports any more; a push member Karmada itself cannot reach. */
function lostConditions(tick: Tick, cluster: KubeObjectState): readonly unknown[] {
  const before = listAt(cluster, 'status', 'conditions');
  const base = { type: 'Ready' } as const;
  if (!isPull(cluster)) {
    const message = 'cluster is not reachable';
    return withCondition(tick, before, { ...base, status: 'False', reason: 'ClusterNotReachable', message });
  }
  const never = before.length === 0;
  return withCondition(tick, before, {
    ...base,
    status: 'Unknown',
    reason: never ? 'ClusterStatusNeverUpdated' : 'ClusterStatusUnknown',
    message: `Cluster status controller ${never ? 'never posted' : 'stopped posting'} cluster status.`,
  });
}

function writeStatus(tick: Tick, cluster: KubeObjectState, status: object): void {
  if (sameJson(status, cluster['status'])) return;
  cluster['status'] = status;
  tick.wake(tick.at);
}

/** Takes a Cluster object away with what Karmada keeps for it; whoever calls it knows what it leaves in the member. */
export function forgetCluster(karmada: ApiState, cluster: KubeObjectState): void {
  const { name } = cluster.metadata;
  for (const secret of [name, `${name}-impersonator`]) {
    const found = findObject(karmada, 'secrets', credentialsNamespace, secret);
    if (found !== undefined) dropObject(karmada, 'secrets', found);
  }
  const namespace = executionNamespace(cluster);
  for (const [key, object] of Object.entries(karmada.objects)) {
    const [plural = '', home] = key.split('/');
    if (key === `namespaces//${namespace}` || home === namespace) dropObject(karmada, plural, object);
  }
  dropObject(karmada, 'clusters', cluster);
}
