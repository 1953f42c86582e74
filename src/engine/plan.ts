/** Checks every step without changing anything: what exists, and what a run would do. */
import type { Problem } from '../errors/problem.js';
import { asProblem } from '../errors/problem.js';
import type { Destruction } from './destruction.js';
import { type PipelineStep, predecessors } from './pipeline.js';
import { runScheduler } from './scheduler.js';
import type { CallContext, Preview, Step, StepState } from './step.js';

/**
 * One step of a plan. What comes after an absent step cannot be checked and counts as `absent`; what comes after one
 * that is to be finished is checked as far as possible.
 */
export interface PlannedStep extends Preview {
  readonly step: PipelineStep;
  readonly state: 'ready' | 'absent' | 'partial' | 'blocked';
  readonly note?: string;
  /** Where what is ready is not as requested now. */
  readonly drift?: readonly string[];
  readonly problem?: Problem;
  /** What would be deleted, replaced or interrupted that exists and works or holds data. */
  readonly destroys: readonly Destruction[];
}

interface CheckedStep {
  readonly planned: PlannedStep;
  /** Whether what needs this step cannot be checked yet. */
  readonly hides: boolean;
  /** Whether this step, or any that it comes after, is to be finished. */
  readonly unfinished: boolean;
}

/** In the order of the pipeline; checks run in parallel, at most `perGroup` of one group at once. */
export async function planSteps(
  steps: readonly PipelineStep[],
  call: CallContext,
  perGroup: number,
): Promise<readonly PlannedStep[]> {
  const checked = new Map<string, CheckedStep>();
  await runScheduler(steps, {
    perGroup,
    mayStart: (step) => predecessors(step).every((id) => checked.has(id)),
    run: async (step) => {
      const before = predecessors(step).flatMap((id) => checked.get(id) ?? []);
      checked.set(step.id, await checkStep(step, before, call));
    },
  });
  return steps.flatMap(({ id }) => checked.get(id)?.planned ?? []);
}

async function checkStep(step: PipelineStep, before: readonly CheckedStep[], call: CallContext): Promise<CheckedStep> {
  const planned = await planStep(step, before, call);
  const { state } = planned;
  const isThere = state === 'ready' || state === 'partial' || (state === 'absent' && step.perRun === true);
  return {
    planned,
    hides: !isThere || before.some(({ hides }) => hides),
    unfinished: planned.state === 'partial' || before.some(({ unfinished }) => unfinished),
  };
}

async function planStep(step: PipelineStep, before: readonly CheckedStep[], call: CallContext): Promise<PlannedStep> {
  const unseen: PlannedStep = { step, state: 'absent', ...step.preview(), destroys: [] };
  if (before.some(({ hides }) => hides)) return await foreseen(unseen, call);
  try {
    const found = await step.check(call);
    switch (found.state) {
      case 'ready':
        return { step, state: 'ready', changes: [], commands: [], destroys: [], ...remarksOf(found) };
      case 'absent':
        return { ...unseen, destroys: await destroysOf(step, call) };
      case 'partial':
        return {
          step,
          state: 'partial',
          changes: found.missing,
          commands: step.preview().commands,
          destroys: await destroysOf(step, call),
        };
      case 'blocked':
        return blockedBy(step, found.problem);
    }
  } catch (thrown) {
    // What an unfinished predecessor does not offer yet is no reason to refuse.
    if (before.some(({ unfinished }) => unfinished)) return await foreseen(unseen, call);
    return blockedBy(step, thrown);
  }
}

/** A step that cannot be checked yet may already know that it will not work. */
async function foreseen(unseen: PlannedStep, call: CallContext): Promise<PlannedStep> {
  const { step } = unseen;
  try {
    const problem = await step.preflight?.(call);
    if (problem !== undefined) return blockedBy(step, problem);
  } catch (thrown) {
    return blockedBy(step, thrown);
  }
  // What cannot be read yet is not there yet; if it is all the same, the runner stops before it is lost.
  const destroys = await destroysOf(step, call).catch(() => []);
  return { ...unseen, destroys };
}

async function destroysOf(step: Step, call: CallContext): Promise<readonly Destruction[]> {
  return (await step.destroys?.(call)) ?? [];
}

function blockedBy(step: PipelineStep, thrown: unknown): PlannedStep {
  return { step, state: 'blocked', changes: [], commands: [], destroys: [], problem: asProblem(thrown) };
}

function remarksOf({ note, drift }: Extract<StepState, { state: 'ready' }>): Pick<PlannedStep, 'note' | 'drift'> {
  return { ...(note === undefined ? {} : { note }), ...(drift === undefined ? {} : { drift }) };
}
