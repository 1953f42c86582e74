/** The pipelines that show how a workload is divided, and how it leaves a member that is silent, and delete it again. */

import { independent, Pipeline, type PipelineStep } from '../engine/pipeline.js';
import type { Member } from '../fleet/fleet.js';
import type { FleetContext } from '../steps/context.js';
import { awaitFailover, type Sighting } from '../steps/member/await-failover.js';
import { bringBack } from '../steps/member/bring-back.js';
import { demoStep, removeDemo } from '../steps/member/demo.js';
import { silenceMember } from '../steps/member/silence-member.js';
import { type Lease, takeLease } from '../steps/take-lease.js';

export function demoSteps(context: FleetContext, lease: Lease, weights: readonly number[]): readonly PipelineStep[] {
  const pipeline = new Pipeline();
  const back = addBack(pipeline, context, lease);
  pipeline.add(demoStep(context, weights), { needs: back });
  return pipeline.steps;
}

/** Which member becomes silent, how long it has to be, and who is told what is seen. */
export interface FailoverShow {
  readonly member: Member;
  /** e.g. `5m` */
  readonly after: string;
  readonly tell: (sighting: Sighting) => void;
}

/** Begins without what an earlier demo left: Karmada does not divide again what has moved. */
export function demoFailoverSteps(
  context: FleetContext,
  lease: Lease,
  weights: readonly number[],
  { member, after, tell }: FailoverShow,
): readonly PipelineStep[] {
  const pipeline = new Pipeline();
  const back = addBack(pipeline, context, lease);
  const cleared = pipeline.add(removeDemo(context), { needs: back });
  const divided = pipeline.add(demoStep(context, weights), { needs: [cleared] });
  const silenced = pipeline.add(silenceMember(context, member), { needs: [divided] });
  pipeline.add(awaitFailover(context, member, after, tell), { needs: [silenced] });
  return pipeline.steps;
}

/** In the same run as what it ends, whose lease it has. */
export function bringBackSteps(context: FleetContext, member: Member): readonly PipelineStep[] {
  return independent([bringBack(context, member)]);
}

/** In the same run as what it removes, whose lease it has. */
export function removeDemoSteps(context: FleetContext): readonly PipelineStep[] {
  return independent([removeDemo(context)]);
}

/** Of a demo that was kept, or died. */
export function endDemoSteps(context: FleetContext, lease: Lease): readonly PipelineStep[] {
  const pipeline = new Pipeline();
  pipeline.add(removeDemo(context), { needs: addBack(pipeline, context, lease) });
  return pipeline.steps;
}

/** Takes the lease, and brings back every member that an earlier demo left silent. */
function addBack(pipeline: Pipeline, context: FleetContext, lease: Lease): readonly PipelineStep[] {
  const leased = pipeline.add(takeLease(context, lease));
  return context.fleet.members.map((member) => pipeline.add(bringBack(context, member), { needs: [leased] }));
}
