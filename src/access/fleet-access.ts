/**
 * Opens access to an existing fleet: a kubeconfig for each cluster that responds, and for Karmada. Changes nothing
 * else.
 */

import pMap from 'p-map';
import type { Cluster } from '../aws/eks.js';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import { clustersOf, type Fleet, type FleetMemberCluster, isParent, type Member } from '../fleet/fleet.js';
import { karmadaContext } from '../fleet/names.js';
import type { FleetPaths } from '../fleet/paths.js';
import { clusterKey, type Ownership } from '../model/facts.js';
import type { RememberedClusters } from '../ownership/cluster-lifetimes.js';
import type { Claimant } from '../ownership/cluster-ownership.js';
import { readRememberedClusters } from '../ownership/fleet-record.js';
import { ownershipOf } from '../ownership/name-ownership.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import type { Call } from '../tools/run.js';
import { isSamePlace } from '../world/place.js';
import { apiHost } from './api-name.js';
import { accessCluster, accessOf } from './cluster-access.js';
import { keepKubeconfig } from './eks-kubeconfig.js';
import { karmadaCertificates, karmadaKubeconfig } from './karmada-api.js';
import { type ApiLoadBalancer, findLoadBalancer } from './load-balancer.js';
import { contextKubeconfig } from './member-context.js';

/** What of a fleet can be talked to. */
export interface FleetAccess {
  /** Every cluster that EKS knows, by cluster key. */
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly ownership: ReadonlyMap<string, Ownership>;
  /** What this machine remembers of the fleet's clusters. */
  readonly memory: RememberedClusters;
  /** How to talk to each Kubernetes API that can be talked to, by scope. */
  readonly apis: ReadonlyMap<string, KubeAccess>;
  /** Why members could not be read from EKS, by scope: a failing region does not affect the others. */
  readonly unreached: ReadonlyMap<string, Problem>;
  /** Why the endpoints of members do not answer this machine, by scope; `apis` has none of them. */
  readonly silent: ReadonlyMap<string, Problem>;
  readonly loadBalancer: ApiLoadBalancer | undefined;
  /** The Karmada API, when it answers. */
  readonly karmada: KubeAccess | undefined;
}

export async function accessFleet(clients: Clients, fleet: Fleet, paths: FleetPaths, call: Call): Promise<FleetAccess> {
  const { concurrency } = clients;
  const claimant = { fleet, memory: await readRememberedClusters(clients.world.files, paths, fleet) };
  const [reached, others] = await Promise.all([
    pMap(clustersOf(fleet), (wanted) => reachOrTell(clients, claimant, paths, wanted), { concurrency }),
    pMap(fleet.members, (member) => reachByContext(clients, fleet, paths, member, call), { concurrency }),
  ]);
  const found = reached.flatMap(({ wanted, cluster }) => (cluster === undefined ? [] : [{ wanted, cluster }]));
  const apis = new Map(
    [...reached, ...others].flatMap(({ scope, access }) => (access ? [[scope, access] as const] : [])),
  );
  const parent = apis.get('parent');
  const api = parent === undefined ? undefined : await accessKarmada(clients, fleet, paths, parent, call);
  return {
    clusters: new Map(found.map(({ wanted, cluster }) => [clusterKey(wanted), cluster])),
    ownership: new Map(
      reached.flatMap(({ wanted, ownership }) =>
        ownership === undefined ? [] : [[clusterKey(wanted), ownership] as const],
      ),
    ),
    memory: claimant.memory,
    apis,
    unreached: new Map(
      reached.flatMap(({ scope, trouble }) => (trouble === undefined ? [] : [[scope, trouble] as const])),
    ),
    silent: new Map(
      reached.flatMap(({ scope, silence }) => (silence === undefined ? [] : [[scope, silence] as const])),
    ),
    loadBalancer: api?.loadBalancer,
    karmada: api?.karmada,
  };
}

/** A scope, and how to talk to its cluster when that can be done. */
interface ReachedLane {
  readonly scope: string;
  readonly access: KubeAccess | undefined;
}

interface ReachedCluster extends ReachedLane {
  readonly wanted: FleetMemberCluster;
  readonly cluster: Cluster | undefined;
  /** Undefined if EKS cannot be read. */
  readonly ownership: Ownership | undefined;
  readonly trouble?: Problem;
  readonly silence?: Problem;
}

/** Without the parent a fleet has no status; a member's region may fail. */
async function reachOrTell(
  clients: Clients,
  claimant: Claimant,
  paths: FleetPaths,
  wanted: FleetMemberCluster,
): Promise<ReachedCluster> {
  try {
    return await reachCluster(clients, claimant, paths, wanted);
  } catch (thrown) {
    const isRegional = wanted.role === 'member' && !isSamePlace(wanted, claimant.fleet.parent);
    if (!(thrown instanceof Problem) || thrown.code === 'interrupted') throw thrown;
    if (!isRegional) throw thrown;
    return {
      wanted,
      cluster: undefined,
      ownership: undefined,
      scope: wanted.scope,
      access: undefined,
      trouble: thrown,
    };
  }
}

async function reachCluster(
  clients: Clients,
  claimant: Claimant,
  paths: FleetPaths,
  wanted: FleetMemberCluster,
): Promise<ReachedCluster> {
  const cluster = await clients.eks(wanted).cluster(wanted.cluster);
  const ownership = await ownershipOf(clients, claimant, wanted, cluster);
  const context = wanted.role === 'parent' ? claimant.fleet.parent.cluster : wanted.scope;
  const reached = { wanted, cluster, ownership, scope: wanted.scope };
  const place = { context, region: wanted.region, account: wanted.account };
  try {
    return { ...reached, access: await accessCluster(clients, paths, place, cluster) };
  } catch (thrown) {
    const isSilent = thrown instanceof Problem && thrown.code === 'cluster-unreachable';
    if (wanted.role === 'parent' || !isSilent) throw thrown;
    return { ...reached, access: undefined, silence: thrown };
  }
}

/** The members whose clusters are not asked for in EKS: those known by a context, and the parent as a member of itself. */
async function reachByContext(
  clients: Clients,
  fleet: Fleet,
  paths: FleetPaths,
  member: Member,
  call: Call,
): Promise<ReachedLane> {
  const { name: scope } = member;
  if (member.kind === 'context') {
    const text = await contextKubeconfig(clients, paths, member, call);
    return { scope, access: await keepKubeconfig(clients.world, accessOf(paths, scope), text) };
  }
  if (!isParent(fleet, member)) return { scope, access: undefined };
  const cluster = await clients.eks(member).cluster(member.cluster);
  const access = await accessCluster(
    clients,
    paths,
    { context: scope, region: member.region, account: member.account },
    cluster,
  );
  return { scope, access };
}

/** The Karmada API of a parent, and the load balancer in front of it; writes the fleet's own kubeconfig of it. */
export async function accessKarmada(
  clients: Clients,
  fleet: Fleet,
  paths: FleetPaths,
  parent: KubeAccess,
  call: Call,
): Promise<Pick<FleetAccess, 'loadBalancer' | 'karmada'>> {
  const [loadBalancer, certificates] = await Promise.all([
    findLoadBalancer(clients, parent, fleet.parent.region, call),
    karmadaCertificates(clients, parent, call),
  ]);
  if (loadBalancer === undefined || loadBalancer.addresses.length === 0 || certificates === undefined) {
    return { loadBalancer, karmada: undefined };
  }
  const access = accessOf(paths, karmadaContext);
  // Where a record was taken away, or leads elsewhere by now, the load balancer's own name still leads to it.
  for (const host of new Set([apiHost(fleet, loadBalancer), loadBalancer.hostname])) {
    await keepKubeconfig(clients.world, access, karmadaKubeconfig(host, certificates));
    if (await clients.kubectl.isReady(access, call)) return { loadBalancer, karmada: access };
  }
  return { loadBalancer, karmada: undefined };
}
