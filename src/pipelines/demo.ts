/** The pipelines that show how a workload is divided, and remove it again. */

import { independent, type PipelineStep } from '../engine/pipeline.js';
import type { Site } from '../steps/context.js';
import { demoStep, removeDemo } from '../steps/member/demo.js';

export function demoSteps(site: Site, weights: readonly number[]): readonly PipelineStep[] {
  return independent([demoStep(site, weights)]);
}

export function removeDemoSteps(site: Site): readonly PipelineStep[] {
  return independent([removeDemo(site)]);
}
