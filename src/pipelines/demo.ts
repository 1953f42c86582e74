/** The pipelines that show how a workload is divided, and delete it again. */

import { independent, Pipeline, type PipelineStep } from '../engine/pipeline.js';
import type { FleetContext } from '../steps/context.js';
import { demoStep, removeDemo } from '../steps/member/demo.js';
import { type Lease, takeLease } from '../steps/take-lease.js';

export function demoSteps(context: FleetContext, lease: Lease, weights: readonly number[]): readonly PipelineStep[] {
  const pipeline = new Pipeline();
  const leased = pipeline.add(takeLease(context, lease));
  pipeline.add(demoStep(context, weights), { needs: [leased] });
  return pipeline.steps;
}

/** In the same run as what it removes, whose lease it has. */
export function removeDemoSteps(context: FleetContext): readonly PipelineStep[] {
  return independent([removeDemo(context)]);
}
