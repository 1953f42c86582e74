/** Looks at every step without changing anything: what is there, and what a run would do. */
import type { Problem } from '../errors/problem.js';
import { asProblem } from '../errors/problem.js';
import { inOrder } from './graph.js';
import type { Preview, Step, StepContext } from './step.js';

/** One step of a plan. Steps whose predecessors are not ready cannot be looked at and count as `absent`. */
export interface PlannedStep extends Preview {
  readonly step: Step;
  readonly state: 'ready' | 'absent' | 'partial' | 'blocked';
  readonly note?: string;
  readonly problem?: Problem;
}

/** The plan, in the order of the pipeline; all looks whose turn has come are made side by side. */
export async function planSteps(steps: readonly Step[], context: StepContext): Promise<readonly PlannedStep[]> {
  const planned = new Map<string, Promise<PlannedStep>>();
  for (const step of inOrder(steps)) {
    const before = step.after.flatMap((id) => planned.get(id) ?? []);
    planned.set(step.id, planStep(step, before, context));
  }
  return await Promise.all(planned.values());
}

async function planStep(
  step: Step,
  before: readonly Promise<PlannedStep>[],
  context: StepContext,
): Promise<PlannedStep> {
  const reachable = (await Promise.all(before)).every((each) => each.state === 'ready');
  if (!reachable) return { step, state: 'absent', ...step.preview() };
  try {
    const found = await step.check(context);
    switch (found.state) {
      case 'ready':
        return { step, state: 'ready', changes: [], commands: [], ...(found.note ? { note: found.note } : {}) };
      case 'absent':
        return { step, state: 'absent', ...step.preview() };
      case 'partial':
        return { step, state: 'partial', changes: found.missing, commands: step.preview().commands };
      case 'blocked':
        return { step, state: 'blocked', changes: [], commands: [], problem: found.problem };
    }
  } catch (thrown) {
    return { step, state: 'blocked', changes: [], commands: [], problem: asProblem(thrown) };
  }
}
