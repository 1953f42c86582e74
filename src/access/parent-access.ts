/** The way into a parent, without a look at the rest of its fleet. */
import type { Cluster } from '../aws/eks.js';
import type { Clients } from '../clients/clients.js';
import type { FleetCluster } from '../fleet/fleet.js';
import type { FleetPaths } from '../fleet/paths.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { eksKubeconfig, isServing, keepKubeconfig } from './eks-kubeconfig.js';

/** Undefined while EKS has no such cluster, or its API does not serve. Whether its API answers is not asked. */
export async function accessParent(
  clients: Clients,
  parent: Pick<FleetCluster, 'cluster' | 'region'>,
  paths: FleetPaths,
): Promise<KubeAccess | undefined> {
  const found = await clients.eks(parent.region).cluster(parent.cluster);
  return found && (await accessToParent(clients, parent, found, paths));
}

/** The same, where EKS was asked already. */
export async function accessToParent(
  clients: Clients,
  { cluster: context, region }: Pick<FleetCluster, 'cluster' | 'region'>,
  found: Cluster,
  paths: FleetPaths,
): Promise<KubeAccess | undefined> {
  const text = isServing(found) ? eksKubeconfig(clients.world, context, region, found) : undefined;
  return await keepKubeconfig(clients.world, { kubeconfig: paths.kubeconfig(context), context }, text);
}
