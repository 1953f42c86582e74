/** What is lost with an EKS cluster: its nodes, and what people keep in it that is neither Kubernetes' own nor Karmada's. */

import { isServing } from '../../access/eks-kubeconfig.js';
import type { Cluster } from '../../aws/eks.js';
import type { CallContext } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import type { FleetMemberCluster } from '../../fleet/fleet.js';
import { fleetTag, karmadaNamespace } from '../../fleet/names.js';
import type { KubeAccess } from '../../tools/kubectl/commands.js';
import { anyObject } from '../../tools/kubectl/objects.js';
import type { FleetContext } from '../context.js';
import { credentialsNamespace } from '../member/member-namespaces.js';
import { accessTo } from '../nodes/node-health.js';

/** Namespaces that every cluster has, and Karmada's own in a member and in a parent. */
const ownNamespaces = ['kube-system', 'kube-public', 'kube-node-lease', karmadaNamespace, credentialsNamespace];

/** What runs or is to run, and what holds data: also what is scaled to zero. */
const kept = 'pods,deployments.apps,statefulsets.apps,daemonsets.apps,jobs.batch,cronjobs.batch,persistentvolumeclaims';

/**
 * One line per node group and per namespace in use. No counts: while a fleet is deleted, what was propagated is deleted
 * too, and only additions need new consent. For a cluster that does not respond, the reason.
 */
export async function contentsOf(
  context: FleetContext,
  cluster: FleetMemberCluster,
  found: Cluster,
  call: CallContext,
): Promise<readonly string[]> {
  const [groups, inside] = await Promise.all([
    context.clients.eks(cluster).nodeGroups(cluster.cluster),
    insideOf(context, cluster, found, call),
  ]);
  return [
    ...groups.map(
      ({ nodegroupName = '', instanceTypes = [] }) => `node group ${nodegroupName} (${instanceTypes.join(', ')})`,
    ),
    ...inside,
  ];
}

/** How to talk to a cluster; undefined while its API does not serve. */
export async function openCluster(
  context: FleetContext,
  cluster: FleetMemberCluster,
  found: Cluster,
): Promise<KubeAccess | undefined> {
  return isServing(found) ? await accessTo(context, cluster, found) : undefined;
}

async function insideOf(
  context: FleetContext,
  cluster: FleetMemberCluster,
  found: Cluster,
  call: CallContext,
): Promise<readonly string[]> {
  const access = await openCluster(context, cluster, found);
  if (access === undefined) return [];
  const { kubectl } = context.clients;
  try {
    const [objects, credentials] = await Promise.all([
      kubectl.list(access, { kind: kept, allNamespaces: true }, anyObject, call),
      kubectl.get(access, { kind: 'namespaces', name: credentialsNamespace }, anyObject, call),
    ]);
    const namespaces = new Set(objects.map(({ metadata: { namespace = '' } }) => namespace));
    const used = [...namespaces].filter((namespace) => !ownNamespaces.includes(namespace)).sort();
    const isOthers = credentials !== undefined && credentials.metadata.labels?.[fleetTag] !== context.fleet.id;
    return [
      ...used.map((namespace) => `workloads in namespace ${namespace}`),
      ...(isOthers ? ['a member of another Karmada'] : []),
    ];
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code === 'interrupted') throw thrown;
    return [`its workloads could not be read: ${reasonOf(thrown)}`];
  }
}

/** Addresses differ from one try to the next, and what was shown must be found again. */
function reasonOf({ why, message }: Problem): string {
  return (
    (why ?? message)
      .split('\n')
      .slice(-1)[0]
      ?.replaceAll(/\d+(\.\d+){3}(:\d+)?/g, '…')
      .slice(0, 200) ?? message
  );
}
