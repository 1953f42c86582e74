/** The steps that prepare a cluster for use, and those that make it a member. */

import type { Edges, Pipeline, PipelineStep } from '../engine/pipeline.js';
import type { Step } from '../engine/step.js';
import { clusterOf, type FleetMemberCluster, isParent, type Member } from '../fleet/fleet.js';
import { ownVpcPlace } from '../fleet/settings/own-vpc.js';
import { clusterKey } from '../model/facts.js';
import { awaitControlPlane } from '../steps/cluster/await-control-plane.js';
import { createCluster } from '../steps/cluster/create-cluster.js';
import { prepareExisting } from '../steps/cluster/prepare-existing.js';
import type { CreateContext } from '../steps/context.js';
import { copyContext } from '../steps/kubeconfig/copy-context.js';
import { writeKubeconfig } from '../steps/kubeconfig/write-kubeconfig.js';
import { joinMember } from '../steps/member/join-member.js';
import { registerMember } from '../steps/member/register-member.js';
import { awaitNodes } from '../steps/nodes/await-nodes.js';
import { scaleNodes } from '../steps/nodes/scale-nodes.js';
import { createVpc } from '../steps/vpc/create-vpc.js';
import { groupOf } from './groups.js';

/** The VPC that the fleet makes for itself; undefined: it makes none. */
export function addOwnVpc(pipeline: Pipeline, context: CreateContext): PipelineStep | undefined {
  const { ownVpc } = context.fleet;
  return ownVpc && pipeline.add(createVpc(context, ownVpc));
}

export function isInOwnVpc(member: Member): boolean {
  return member.kind === 'eks' && member.vpc === ownVpcPlace;
}

export interface ReadyCluster {
  /** Creates the cluster; undefined where it existed before. */
  readonly created: PipelineStep | undefined;
  /** Ready when the cluster can run something, with its nodes and its volume driver; not everything that is added to it has to be there. */
  readonly usable: PipelineStep;
  /** Ready when its API answers; the parent's does before it has nodes. */
  readonly kubeconfig: PipelineStep;
}

/** Adds an EKS cluster, new or existing, and its kubeconfig. */
export function addCluster(
  pipeline: Pipeline,
  context: CreateContext,
  cluster: FleetMemberCluster,
  { needs = [], during, group }: Edges = {},
): ReadyCluster {
  if (context.ownership.get(clusterKey(cluster)) === 'existing') {
    const prepared = pipeline.add(prepareExisting(context, cluster), { needs, group });
    return {
      created: undefined,
      usable: prepared,
      kubeconfig: pipeline.add(writeKubeconfig(context, cluster), { needs: [prepared], group }),
    };
  }
  const created = pipeline.add(createCluster(context, cluster), { needs, during, group });
  // Only in the parent there is something to do that needs no nodes, and then something that needs nothing but nodes.
  const isParentCluster = cluster.role === 'parent';
  const edges = { during: created, group };
  const early = isParentCluster ? pipeline.add(awaitControlPlane(context, cluster), edges) : created;
  const withNodes = isParentCluster ? pipeline.add(awaitNodes(context, cluster), edges) : created;
  const usable = context.reconciles
    ? pipeline.add(scaleNodes(context, cluster), { needs: [created], group })
    : withNodes;
  return { created, usable, kubeconfig: pipeline.add(writeKubeconfig(context, cluster), { needs: [early], group }) };
}

/**
 * Adds what makes the API of a member's cluster answer; the kubeconfig that it adds is the answer. A cluster that is created is given up
 * when `during` fails.
 */
export function addKubeconfig(
  pipeline: Pipeline,
  context: CreateContext,
  member: Member,
  needs: NonNullable<Edges['needs']>,
  during?: PipelineStep,
): PipelineStep | undefined {
  const edges = { needs, group: groupOf(member) };
  if (member.kind === 'context') return pipeline.add(copyContext(context, member), edges);
  const cluster = clusterOf(member);
  if (cluster === undefined) return undefined;
  // The parent's cluster is added by itself.
  if (isParent(context.fleet, member)) return pipeline.add(writeKubeconfig(context, cluster), edges);
  return addCluster(pipeline, context, cluster, { ...edges, during }).kubeconfig;
}

export function joinStep(context: CreateContext, member: Member): Step {
  return member.mode === 'push' ? joinMember(context, member) : registerMember(context, member);
}
