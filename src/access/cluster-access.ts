/**
 * How kubectl reaches a cluster of the fleet: through its own kubeconfig, whose only context has the name of the file.
 */

import type { Cluster } from '../aws/eks.js';
import type { Clients } from '../clients/clients.js';
import type { EksCluster } from '../fleet/fleet.js';
import type { FleetPaths } from '../fleet/paths.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import type { AwsPlace } from '../world/place.js';
import { eksKubeconfig, isServing, keepKubeconfig } from './eks-kubeconfig.js';
import { silentEndpoint } from './endpoints/silent-endpoint.js';

/** How kubectl reaches what has this context, whether there is a kubeconfig yet or not. */
export function accessOf(paths: Pick<FleetPaths, 'kubeconfig'>, context: string): KubeAccess {
  return { kubeconfig: paths.kubeconfig(context), context };
}

/**
 * Writes the kubeconfig of an EKS cluster; undefined while its API does not serve. It is contacted only where not everybody reaches it.
 * @throws Problem `cluster-unreachable` where its private or limited endpoint does not answer this machine
 */
export async function accessCluster(
  { world }: Pick<Clients, 'world'>,
  paths: FleetPaths,
  { context, ...place }: { readonly context: string } & AwsPlace,
  found: Cluster | undefined,
): Promise<KubeAccess | undefined> {
  const own = accessOf(paths, context);
  const text = found && isServing(found) ? await eksKubeconfig(world, own, place, found) : undefined;
  const access = await keepKubeconfig(world, own, text);
  const silent = found && access && (await silentEndpoint(world, { cluster: found.name ?? context, ...place }, found));
  if (silent !== undefined) throw silent;
  return access;
}

/** The same of a parent, without the rest of its fleet. */
export async function accessParent(
  clients: Clients,
  { cluster, region, account }: EksCluster,
  paths: FleetPaths,
): Promise<KubeAccess | undefined> {
  const found = await clients.eks({ region, account }).cluster(cluster);
  return await accessCluster(clients, paths, { context: cluster, region, account }, found);
}
