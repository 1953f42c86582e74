/** The pipeline that deletes a fleet's leftovers: one step per kind and region, in an order that works. */

import { Pipeline, type PipelineStep } from '../engine/pipeline.js';
import type { Leftover, LeftoverKind } from '../leftovers/leftover.js';
import type { LeftoverQuery } from '../leftovers/scope.js';
import type { FleetContext } from '../steps/context.js';
import { removeLeftovers } from '../steps/leftovers/remove-leftovers.js';
import { type AwsPlace, differentPlaces, isSamePlace } from '../world/place.js';

/**
 * Each kind with those that must be over before, well or badly; all of these come before it in the table. Clusters go before their load
 * balancers, for a cluster that lives would make them again, and eksctl removes those of its Services; rules go first, for only the load
 * balancer tells which they are; stacks go after the interfaces that hold their security groups, and
 * the VPC when it is empty.
 */
const order: Readonly<Record<LeftoverKind, readonly LeftoverKind[]>> = {
  'security group rule': [],
  'EKS cluster': [],
  'load balancer': ['security group rule', 'EKS cluster'],
  'target group': ['load balancer'],
  'network interface': ['EKS cluster', 'load balancer'],
  'CloudFormation stack': ['EKS cluster', 'load balancer', 'network interface'],
  'security group': ['EKS cluster', 'load balancer', 'network interface', 'CloudFormation stack'],
  volume: ['EKS cluster', 'CloudFormation stack'],
  'log group': ['EKS cluster', 'CloudFormation stack'],
  'IAM role': ['EKS cluster', 'CloudFormation stack'],
  'OIDC provider': ['EKS cluster', 'CloudFormation stack'],
  VPC: ['EKS cluster', 'load balancer', 'network interface', 'CloudFormation stack', 'security group'],
};

const kinds = Object.keys(order) as readonly LeftoverKind[];

/** Nothing but `left` is removed, and of that only what is still there, and still the fleet's, when its turn comes. */
export function leftoverSteps(
  context: FleetContext,
  query: LeftoverQuery,
  left: readonly Leftover[],
): readonly PipelineStep[] {
  const pipeline = new Pipeline();
  const added: { readonly kind: LeftoverKind; readonly place: AwsPlace; readonly step: PipelineStep }[] = [];
  for (const kind of kinds) {
    const before = order[kind];
    const ofKind = left.filter((thing) => thing.kind === kind);
    for (const place of differentPlaces(ofKind)) {
      const things = ofKind.filter((thing) => isSamePlace(thing, place));
      const after = added.filter(
        (each) => before.includes(each.kind) && (place.region === 'global' || isSamePlace(each.place, place)),
      );
      const step = pipeline.add(removeLeftovers(context, query, { kind, ...place, things }), {
        after: after.map(({ step }) => step),
      });
      added.push({ kind, place, step });
    }
  }
  return pipeline.steps;
}
