/** Steps for tests of the engine: how long each takes, what it finds, and a note of everything it was asked. */
import { setMaxListeners } from 'node:events';
import type { Destruction } from '../../src/engine/destruction.js';
import type { RunEvent, RunReport } from '../../src/engine/events.js';
import type { PipelineStep } from '../../src/engine/pipeline.js';
import { runSteps } from '../../src/engine/runner.js';
import type { CallContext, StepState } from '../../src/engine/step.js';
import type { Problem } from '../../src/errors/problem.js';
import { newAccount } from '../../src/rehearsal/account.js';
import type { Clock } from '../../src/world/clock.js';

/** What a test says of a step; times are virtual, in ms. */
export interface StepPlan {
  /** Edges, by ids. */
  readonly needs?: readonly string[];
  readonly after?: readonly string[];
  readonly during?: string;
  /** `parent` when not given. */
  readonly scope?: string;
  readonly group?: string;
  readonly perRun?: true;
  readonly failsAlone?: true;
  readonly checkMs?: number;
  readonly applyMs?: number;
  /** The answers of `check`, the last one for ever; without them `absent`, then `ready` once applied. */
  readonly finds?: readonly StepState[];
  readonly onApply?: (call: CallContext) => void | Promise<void>;
  readonly onCheck?: (call: CallContext) => void;
  readonly destroys?: () => Promise<readonly Destruction[]>;
}

export const ready: StepState = { state: 'ready' };
export const absent: StepState = { state: 'absent' };
export const blocked = (problem: Problem): StepState => ({ state: 'blocked', problem });

/** A stage: a virtual clock that starts at 0, and what happened on it. */
export interface Stage {
  readonly clock: Clock;
  /** `check a@0`, `apply a@0`, … in the order in which they began. */
  readonly calls: string[];
  readonly step: (id: string, plan?: StepPlan) => PipelineStep;
}

export function newStage(): Stage {
  const { clock } = newAccount({ now: 0 });
  const calls: string[] = [];
  const step = (id: string, plan: StepPlan = {}): PipelineStep => {
    let applied = false;
    let looks = 0;
    return {
      id,
      title: `make ${id}`,
      scope: plan.scope ?? 'parent',
      needs: plan.needs ?? [],
      after: plan.after ?? [],
      ...(plan.during === undefined ? {} : { during: plan.during }),
      ...(plan.failsAlone === undefined ? {} : { failsAlone: plan.failsAlone }),
      ...(plan.perRun === undefined ? {} : { perRun: plan.perRun }),
      ...(plan.group === undefined ? {} : { group: plan.group }),
      ...(plan.destroys === undefined ? {} : { destroys: plan.destroys }),
      expectedMs: plan.applyMs ?? 0,
      preview: () => ({ changes: [`change of ${id}`], commands: [{ tool: 'kubectl', args: ['apply', id] }] }),
      check: async (call) => {
        calls.push(`check ${id}@${clock.now()}`);
        if (plan.checkMs !== undefined) await clock.sleep(plan.checkMs);
        plan.onCheck?.(call);
        looks += 1;
        return plan.finds?.[Math.min(looks, plan.finds.length) - 1] ?? (applied ? ready : absent);
      },
      apply: async (call) => {
        calls.push(`apply ${id}@${clock.now()}`);
        await clock.sleep(plan.applyMs ?? 0, call.signal);
        await plan.onApply?.(call);
        applied = true;
      },
    };
  };
  return { clock, calls, step };
}

/** A run with its events and the two ways to stop it. */
export async function runOn(
  stage: Stage,
  steps: readonly PipelineStep[],
  drain = new AbortController(),
  kill = new AbortController(),
  perGroup = 10,
  agreed: readonly Destruction[] = [],
  beforeChange?: () => Promise<void>,
): Promise<{ readonly report: RunReport; readonly events: readonly RunEvent[] }> {
  // Each sleeping step listens; Node warns at eleven.
  setMaxListeners(0, kill.signal);
  const events: RunEvent[] = [];
  const emit = (event: RunEvent): void => void events.push(event);
  const report = await runSteps(steps, {
    clock: stage.clock,
    emit,
    perGroup,
    agreed,
    ...(beforeChange === undefined ? {} : { beforeChange }),
    drain: drain.signal,
    kill: kill.signal,
  });
  return { report, events };
}

/** Events as short texts: `step-done a@120`. */
export function told(events: readonly RunEvent[]): readonly string[] {
  return events.map((event) => ('id' in event ? `${event.type} ${event.id}@${event.at}` : `${event.type}@${event.at}`));
}
