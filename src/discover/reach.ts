/** Opens the ways into a fleet that is there: a kubeconfig for each cluster that answers, and for Karmada. Changes nothing else. */
import type { Cluster } from '../aws/eks.js';
import { clustersOf, type Fleet } from '../fleet/fleet.js';
import { fleetTag, karmadaContext } from '../fleet/names.js';
import type { FleetPaths } from '../fleet/paths.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import type { Call } from '../tools/run.js';
import type { Clients } from './clients.js';
import { eksKubeconfig } from './cluster-access.js';
import { clusterKey, type Ownership } from './facts.js';
import { karmadaCertificates, karmadaKubeconfig } from './karmada-api.js';
import { type ApiLoadBalancer, findLoadBalancer } from './load-balancer.js';

/** What of a fleet can be talked to. */
export interface Reach {
  /** Every cluster that EKS knows, by cluster key. */
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly ownership: ReadonlyMap<string, Ownership>;
  /** The lanes whose Kubernetes API can be talked to, with how. */
  readonly lanes: ReadonlyMap<string, KubeAccess>;
  readonly loadBalancer: ApiLoadBalancer | undefined;
  /** The Karmada API, when it answers. */
  readonly karmada: KubeAccess | undefined;
}

export async function reachFleet(clients: Clients, fleet: Fleet, paths: FleetPaths, call: Call): Promise<Reach> {
  const clusters = new Map<string, Cluster>();
  const ownership = new Map<string, Ownership>();
  const lanes = new Map<string, KubeAccess>();
  await Promise.all(
    clustersOf(fleet).map(async (wanted) => {
      const found = await clients.eks(wanted.region).cluster(wanted.cluster);
      const owned = found?.tags?.[fleetTag] === fleet.id ? 'ours' : 'existing';
      ownership.set(clusterKey(wanted), found === undefined ? 'absent' : owned);
      if (found === undefined) return;
      clusters.set(clusterKey(wanted), found);
      const context = wanted.role === 'parent' ? wanted.cluster : wanted.lane;
      const text = eksKubeconfig(clients.world, context, wanted.region, found);
      if (text === undefined || found.status !== 'ACTIVE') return;
      const kubeconfig = paths.kubeconfig(context);
      if ((await clients.world.files.read(kubeconfig)) !== text) await clients.world.files.write(kubeconfig, text);
      lanes.set(wanted.lane, { kubeconfig, context });
    }),
  );
  const parent = lanes.get('parent');
  const api = parent === undefined ? undefined : await reachKarmada(clients, fleet, paths, parent, call);
  return { clusters, ownership, lanes, loadBalancer: api?.loadBalancer, karmada: api?.karmada };
}

async function reachKarmada(
  clients: Clients,
  fleet: Fleet,
  paths: FleetPaths,
  parent: KubeAccess,
  call: Call,
): Promise<Pick<Reach, 'loadBalancer' | 'karmada'>> {
  const [loadBalancer, certificates] = await Promise.all([
    findLoadBalancer(clients, parent, fleet.parent.region, call),
    karmadaCertificates(clients, parent, call),
  ]);
  if (loadBalancer === undefined || loadBalancer.addresses.length === 0 || certificates === undefined) {
    return { loadBalancer, karmada: undefined };
  }
  const access = { kubeconfig: paths.kubeconfig(karmadaContext), context: karmadaContext };
  const text = karmadaKubeconfig(loadBalancer.hostname, certificates);
  if ((await clients.world.files.read(access.kubeconfig)) !== text)
    await clients.world.files.write(access.kubeconfig, text);
  const answers = await clients.kubectl.isReady(access, call);
  return { loadBalancer, karmada: answers ? access : undefined };
}
