/** The nodes of a node group as Kubernetes sees them: a group that EKS calls unhealthy may still run everything. */

import { eksKubeconfig, keepKubeconfig } from '../../access/eks-kubeconfig.js';
import type { Cluster, Nodegroup } from '../../aws/eks.js';
import type { CallContext } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { defaults } from '../../fleet/defaults.js';
import type { FleetMemberCluster } from '../../fleet/fleet.js';
import type { KubeAccess } from '../../tools/kubectl/commands.js';
import { isReady, node } from '../../tools/kubectl/objects.js';
import { accessOf, type FleetContext } from '../context.js';
import { contextOf } from '../kubeconfig/write-kubeconfig.js';

/** EKS puts it on every node of a managed node group (EKS User Guide, managed node groups). */
const groupLabel = 'eks.amazonaws.com/nodegroup';

/** States of a node group that has been up, or is being changed (EKS API reference, Nodegroup.status). */
const movingStates: readonly string[] = ['CREATING', 'UPDATING', 'DELETING'];

/** How many nodes are Ready. */
export interface ReadyNodes {
  readonly ofGroup: number;
  /** Also those of other node groups, and without any. */
  readonly all: number;
}

/** How to ask the cluster that EKS knows; undefined while EKS names no endpoint. */
export async function accessTo(
  context: FleetContext,
  cluster: FleetMemberCluster,
  found: Cluster,
): Promise<KubeAccess | undefined> {
  const { world } = context.clients;
  const access = accessOf(context.paths, contextOf(cluster));
  const text = await eksKubeconfig(world, access, cluster, found);
  return await keepKubeconfig(world, access, text);
}

/** Undefined when the cluster does not respond, which says nothing about its nodes. */
export async function readyNodes(
  context: FleetContext,
  access: KubeAccess | undefined,
  call: CallContext,
): Promise<ReadyNodes | undefined> {
  if (access === undefined) return undefined;
  try {
    const nodes = await context.clients.kubectl.list(access, { kind: 'nodes' }, node, call);
    const ready = nodes.filter(isReady);
    const ofGroup = ready.filter(({ metadata }) => metadata.labels?.[groupLabel] === defaults.nodeGroup);
    return { ofGroup: ofGroup.length, all: ready.length };
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code === 'interrupted') throw thrown;
    return undefined;
  }
}

/** What a node group needs: nothing, waiting, creation (again), or nothing that may be done without consent. */
export type NodeGroupNeed = 'nothing' | 'waiting' | 'making' | 'impaired';

/**
 * A group is created if there is none, and recreated if none of its nodes is Ready. Other problems that EKS reports are
 * shown, and the group is left. So is a group that EKS does not list while its nodes are Ready: EKS may take a while.
 * @param ready how many of its nodes are Ready; undefined if unknown, which counts as some
 */
export function nodeGroupNeed(group: Nodegroup | undefined, ready: number | undefined): NodeGroupNeed {
  const status = group?.status;
  if (status === 'ACTIVE') return 'nothing';
  if (status !== undefined && movingStates.includes(status)) return 'waiting';
  if (status === undefined) return (ready ?? 0) > 0 ? 'impaired' : 'making';
  return ready === 0 ? 'making' : 'impaired';
}

/** e.g. `node group nodes (DEGRADED: You've reached your limit on …)`, with the reasons that EKS gives. */
export function describeNodeGroup(group: Nodegroup | undefined): string {
  const issues = group?.health?.issues?.flatMap(({ code, message }) => message ?? code ?? []) ?? [];
  return `node group ${defaults.nodeGroup} (${[group?.status ?? 'missing', ...issues].join(': ')})`;
}
