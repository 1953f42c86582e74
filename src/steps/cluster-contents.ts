/** What is lost with an EKS cluster: its nodes, and what runs in it that is neither Kubernetes' own nor Karmada's. */
import type { Cluster } from '../aws/eks.js';
import { eksKubeconfig, isServing } from '../discover/cluster-access.js';
import { Problem } from '../errors/problem.js';
import type { FleetMemberCluster } from '../fleet/fleet.js';
import type { StepContext } from '../pipeline/step.js';
import { anyObject } from '../tools/kubectl/objects.js';
import { accessOf, type Site } from './site.js';
import { contextOf } from './write-kubeconfig.js';

/** Namespaces that every cluster has, and Karmada's own. */
const ownNamespaces = /^(?:kube-|karmada-)/;

/**
 * One line a node group and a namespace with pods. No counts: while a fleet goes, what was propagated goes too, and only more than
 * was shown has to be agreed to anew. Of a cluster that does not answer only the nodes are known.
 */
export async function contentsOf(
  site: Site,
  cluster: FleetMemberCluster,
  found: Cluster,
  context: StepContext,
): Promise<readonly string[]> {
  const [groups, namespaces] = await Promise.all([
    site.clients.eks(cluster.region).nodeGroups(cluster.cluster),
    namespacesWithPods(site, cluster, found, context),
  ]);
  return [
    ...groups.map(
      ({ nodegroupName = '', instanceTypes = [] }) => `nodes of ${nodegroupName} (${instanceTypes.join(', ')})`,
    ),
    ...namespaces.map((namespace) => `what runs in namespace ${namespace}`),
  ];
}

async function namespacesWithPods(
  site: Site,
  cluster: FleetMemberCluster,
  found: Cluster,
  context: StepContext,
): Promise<readonly string[]> {
  const { world, kubectl } = site.clients;
  const access = accessOf(site.paths, contextOf(cluster));
  const text = isServing(found) ? eksKubeconfig(world, access.context, cluster.region, found) : undefined;
  if (text === undefined) return [];
  if ((await world.files.read(access.kubeconfig)) !== text) await world.files.write(access.kubeconfig, text);
  try {
    const pods = await kubectl.list(access, { kind: 'pods', allNamespaces: true }, anyObject, context);
    const namespaces = new Set(pods.map(({ metadata: { namespace = '' } }) => namespace));
    return [...namespaces].filter((namespace) => !ownNamespaces.test(namespace)).sort();
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code === 'interrupted') throw thrown;
    return [];
  }
}
