/** Karmada's cluster controllers: the state of each member, its execution namespace, and its orderly removal. */
import type { ApiState, ClusterState, KubeObjectState } from '../../state.js';
import { isJson, sameJson, textAt } from '../json.js';
import { dropObject, findObject, listObjects, upsert } from '../store.js';
import { elapsed, type Tick } from '../tick.js';
import { componentReady, karmadaNamespace, parentOf } from './control-plane.js';
import { isNodeReady } from './scheduling.js';
import { isRolledOut } from './workloads.js';

/** Namespace of the members' credentials, in Karmada and in push members. */
export const credentialsNamespace = 'karmada-cluster';

const readyMs = 3_000;
/** How long a dead member still counts as Ready (observed with 1.18.2, join / unjoin). */
const lostMs = 60_000;
/** From the deletion of a Cluster object to its end (observed with 1.18.2, join / unjoin: unjoin waits ~30 s). */
const removalMs = 28_000;

export function settleClusters(tick: Tick, karmada: ApiState): void {
  if (!componentReady(parentOf(tick, karmada), 'karmada-controller-manager')) return;
  for (const cluster of listObjects(karmada, 'clusters', '')) {
    const reachable = memberOf(tick, cluster) !== undefined && agentLives(tick, cluster);
    if (cluster.metadata.deletionTimestamp !== undefined) {
      if (elapsed(tick, cluster, 'removingSince', reachable, removalMs)) removeCluster(tick, karmada, cluster);
      continue;
    }
    upsert(karmada, 'namespaces', { metadata: { name: executionNamespace(cluster) } }, tick.at);
    cluster.metadata['finalizers'] = ['karmada.io/cluster-controller'];
    report(tick, cluster, reachable);
  }
}

/** The API of a member, found by the endpoint in its Cluster object; undefined when it is gone or dead. */
export function memberOf(tick: Pick<Tick, 'simulation'>, cluster: KubeObjectState): ApiState | undefined {
  const endpoint = textAt(cluster, 'spec', 'apiEndpoint');
  const found = eksBehind(tick, endpoint);
  const api = found === undefined ? undefined : tick.simulation.state.apis[`eks/${found.region}/${found.cluster.name}`];
  return api?.reachable ? api : undefined;
}

/** The running EKS cluster with an endpoint. */
export function eksBehind(
  tick: Pick<Tick, 'simulation'>,
  endpoint: string,
): { readonly region: string; readonly cluster: ClusterState } | undefined {
  for (const [region, state] of Object.entries(tick.simulation.state.regions)) {
    const cluster = Object.values(state.clusters).find((one) => one.endpoint === endpoint && one.status === 'ACTIVE');
    if (cluster !== undefined) return { region, cluster };
  }
  return undefined;
}

export function isClusterReady(cluster: KubeObjectState): boolean {
  return textAt(cluster, 'status', 'conditions', 0, 'status') === 'True';
}

function executionNamespace(cluster: KubeObjectState): string {
  return `karmada-es-${cluster.metadata.name}`;
}

/** In pull mode it is the agent that reports and that cleans up. */
function agentLives(tick: Tick, cluster: KubeObjectState): boolean {
  if (textAt(cluster, 'spec', 'syncMode') !== 'Pull') return true;
  const member = memberOf(tick, cluster);
  return member !== undefined && isRolledOut(findObject(member, 'deployments', karmadaNamespace, 'karmada-agent'));
}

function report(tick: Tick, cluster: KubeObjectState, reachable: boolean): void {
  const member = memberOf(tick, cluster);
  const found = eksBehind(tick, textAt(cluster, 'spec', 'apiEndpoint'));
  const lost = elapsed(tick, cluster, 'lostSince', !reachable, lostMs);
  if (elapsed(tick, cluster, 'reachableSince', reachable, readyMs) && member !== undefined && found !== undefined) {
    const nodes = listObjects(member, 'nodes', '');
    writeStatus(tick, cluster, {
      kubernetesVersion: `v${found.cluster.version}.0-eks-0000000`,
      conditions: [condition('True', 'ClusterReady', 'cluster is healthy and ready to accept workloads')],
      nodeSummary: { totalNum: nodes.length, readyNum: nodes.filter(isNodeReady).length },
    });
  } else if (lost) {
    const before = isJson(cluster['status']) ? cluster['status'] : {};
    const pull = textAt(cluster, 'spec', 'syncMode') === 'Pull';
    const ended = pull
      ? condition('Unknown', 'ClusterStatusUnknown', 'Cluster status controller never posted cluster status.')
      : condition('False', 'ClusterNotReachable', 'cluster is not reachable');
    writeStatus(tick, cluster, { ...before, conditions: [ended] });
  }
}

function writeStatus(tick: Tick, cluster: KubeObjectState, status: object): void {
  if (sameJson(status, cluster['status'])) return;
  cluster['status'] = status;
  tick.wake(tick.at);
}

function condition(status: string, reason: string, message: string): object {
  return { type: 'Ready', status, reason, message };
}

/** Takes a Cluster object away with what Karmada keeps for it; propagation has emptied the member before. */
function removeCluster(tick: Tick, karmada: ApiState, cluster: KubeObjectState): void {
  const { name } = cluster.metadata;
  for (const secret of [name, `${name}-impersonator`]) {
    const found = findObject(karmada, 'secrets', credentialsNamespace, secret);
    if (found !== undefined) dropObject(karmada, 'secrets', found);
  }
  const namespace = findObject(karmada, 'namespaces', '', executionNamespace(cluster));
  if (namespace !== undefined) dropObject(karmada, 'namespaces', namespace);
  dropObject(karmada, 'clusters', cluster);
  tick.wake(tick.at);
}
