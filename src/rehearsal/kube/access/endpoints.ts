/** Which Kubernetes API answers at a URL, as a member's Cluster object or a kubeconfig names it. */
import type { Simulation } from '../../simulation.js';
import type { AccountState, ApiState, ClusterState } from '../../state.js';

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
 * The same as a Karmada control plane sees it: it runs in its parent's pods (observed with 1.18.2, 2026-11-22). In the VPC of a cluster with a
 * private endpoint its name leads to private addresses, which only admit whom its security groups admit (EKS User Guide, cluster endpoint).
 */
export function apiSeenBy(
  simulation: Pick<Simulation, 'state'>,
  karmada: ApiState,
  server: string,
): KubernetesApi | undefined {
  const { state } = simulation;
  if (!inCluster.test(server)) {
    const found = apiAt(simulation, server);
    return found !== undefined && isShutOut(state, karmada, found) ? undefined : found;
  }
  const api = state.apis[`eks/${karmada.region}/${karmada.cluster}`];
  const eks = state.regions[karmada.region]?.clusters[karmada.cluster];
  return api === undefined ? undefined : { api, ...(eks === undefined ? {} : { eks }) };
}

/** Whether the nodes of Karmada's parent are led to a private endpoint that does not admit their VPC's (first) CIDR. */
function isShutOut({ regions }: AccountState, { region, cluster }: ApiState, { api, eks }: KubernetesApi): boolean {
  const parent = regions[region]?.clusters[cluster];
  if (eks?.privateAccessCidrs === undefined || eks === parent) return false;
  if (api.region !== region || eks.vpcId !== parent?.vpcId) return false;
  const vpc = regions[region]?.vpcs.find(({ id }) => id === eks.vpcId);
  return !eks.privateAccessCidrs.includes(vpc?.cidr ?? '');
}

/** `https://…` of a cluster's own API; empty when it has none. */
export function serverOf({ state }: Pick<Simulation, 'state'>, api: ApiState): string {
  return api.plain?.server ?? state.regions[api.region]?.clusters[api.cluster]?.endpoint ?? '';
}

/** The version that the API server reports, without the `v`. */
export function versionOf({ api, eks }: KubernetesApi): string {
  return api.plain?.version ?? `${eks?.version ?? ''}.0-eks-0000000`;
}
