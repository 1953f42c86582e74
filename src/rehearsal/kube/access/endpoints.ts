/** Which Kubernetes API answers at a URL, as a member's Cluster object or a kubeconfig names it. */
import { type Json, textAt } from '../../json.js';
import type { Simulation } from '../../simulation.js';
import type { AccountState, ApiState, ClusterState } from '../../state.js';
import { isShutOut } from './reach.js';

/** How pods of a cluster reach its own API, whatever its address outside is. */
const inCluster = /^https:\/\/kubernetes\.default\.svc(\.cluster\.local)?(:443)?$/;

/** An API outside of Karmada; `eks` is its cluster where it has one. */
export interface KubernetesApi {
  readonly api: ApiState;
  readonly eks?: ClusterState;
}

/** Where a URL led the last time it was looked for, by account: with a hundred members a search for each costs most. */
const lastFound = new WeakMap<AccountState, Map<string, string>>();

/** The API at a URL, dead or alive; undefined when nothing has this address. */
export function apiAt({ state }: Pick<Simulation, 'state'>, server: string): KubernetesApi | undefined {
  const known = lastFound.get(state) ?? new Map<string, string>();
  lastFound.set(state, known);
  const again = state.apis[known.get(server) ?? ''];
  if (again !== undefined && serverOf({ state }, again) === server) return answering(state, again);
  const found = Object.values(state.apis).find((one) => one.kind !== 'karmada' && serverOf({ state }, one) === server);
  if (found === undefined) return undefined;
  known.set(server, found.key);
  return answering(state, found);
}

function answering(state: AccountState, api: ApiState): KubernetesApi | undefined {
  if (api.plain !== undefined) return { api };
  const eks = state.regions[api.region]?.clusters[api.cluster];
  return eks?.status === 'ACTIVE' || eks?.status === 'UPDATING' ? { api, eks } : undefined;
}

/**
 * The API of a member, by its Cluster object, as who works with it sees it: the agent of a pull member is in it, and a Karmada control plane
 * calls a push member: it runs in its parent's pods (observed with 1.18.2, 2026-11-22). In the VPC of a cluster with a
 * private endpoint its name leads to private addresses, which only admit whom its security groups admit (EKS User Guide, cluster endpoint).
 */
export function apiSeenBy(
  simulation: Pick<Simulation, 'state'>,
  karmada: ApiState,
  cluster: Json,
): KubernetesApi | undefined {
  const { state } = simulation;
  const server = textAt(cluster, 'spec', 'apiEndpoint');
  if (!inCluster.test(server)) {
    const found = apiAt(simulation, server);
    const isCalled = textAt(cluster, 'spec', 'syncMode') !== 'Pull';
    return found !== undefined && isCalled && isShutOut(state, karmada, found) ? undefined : found;
  }
  const api = state.apis[`eks/${karmada.region}/${karmada.cluster}`];
  const eks = state.regions[karmada.region]?.clusters[karmada.cluster];
  return api === undefined ? undefined : { api, ...(eks === undefined ? {} : { eks }) };
}

/** `https://…` of a cluster's own API; empty when it has none. */
export function serverOf({ state }: Pick<Simulation, 'state'>, api: ApiState): string {
  return api.plain?.server ?? state.regions[api.region]?.clusters[api.cluster]?.endpoint ?? '';
}

/** The version that the API server reports, without the `v`. */
export function versionOf({ api, eks }: KubernetesApi): string {
  return api.plain?.version ?? `${eks?.version ?? ''}.0-eks-0000000`;
}
