/** Runs a pipeline: starts whatever is ready, checks each result again, and confines a failure to its scope. */
import { asProblem, Problem } from '../errors/problem.js';
import type { Clock } from '../world/clock.js';
import { type Destruction, refuseUnagreed } from './destruction.js';
import type { Emit, LaneReport, RunReport, StepInfo } from './events.js';
import { type PipelineStep, predecessors } from './pipeline.js';
import { runScheduler } from './scheduler.js';
import { type CallContext, isShared, type Step, type StepState } from './step.js';

export interface RunOptions {
  readonly clock: Clock;
  readonly emit: Emit;
  /** How many steps of one group run at once; from 1. */
  readonly perGroup: number;
  /** What was shown and agreed to; nothing else is deleted, replaced or interrupted. */
  readonly agreed: readonly Destruction[];
  /** Called right before each change; what it throws stops the step. */
  readonly beforeChange?: () => Promise<void>;
  /** Aborted at the first Ctrl-C: start nothing new, let what runs end. */
  readonly drain: AbortSignal;
  /** Aborted at the second Ctrl-C: end what runs. A Problem as its reason is why, when it is not the user who stops. */
  readonly kill: AbortSignal;
}

/** Runs all steps; never rejects for a step's failure: the report says what failed. */
export async function runSteps(steps: readonly PipelineStep[], options: RunOptions): Promise<RunReport> {
  return await new Run(steps, options).toEnd();
}

class Run {
  readonly #steps: readonly PipelineStep[];
  readonly #options: RunOptions;
  readonly #started: number;
  /** Steps that ended well. */
  readonly #settled = new Set<string>();
  /** Steps that failed, and all that need them. */
  readonly #lost = new Set<string>();
  /** Steps that were begun, and for each what those that run during it listen to: aborted when it will not end well. */
  readonly #begun = new Map<string, AbortController>();
  readonly #ready: string[] = [];
  readonly #done: string[] = [];
  readonly #failed: { id: string; problem: Problem }[] = [];
  #sharedFailed = false;

  constructor(steps: readonly PipelineStep[], options: RunOptions) {
    this.#steps = steps;
    this.#options = options;
    this.#started = options.clock.now();
  }

  async toEnd(): Promise<RunReport> {
    const { clock, emit, perGroup, agreed } = this.#options;
    emit({ type: 'run-started', at: this.#started, steps: this.#steps.map(infoOf), perGroup, agreed });
    await runScheduler(this.#steps, {
      perGroup,
      mayStart: (step) => this.#mayStart(step),
      run: (step) => this.#run(step),
    });
    const report = this.#report();
    emit({ type: 'run-finished', at: clock.now(), report });
    return report;
  }

  #mayStart({ id: own, needs, after, during }: PipelineStep): boolean {
    if (this.#stops() || this.#lost.has(own)) return false;
    if (during !== undefined && !this.#begun.has(during)) return false;
    const isOver = (id: string): boolean => this.#settled.has(id) || this.#lost.has(id);
    return needs.every((id) => this.#settled.has(id)) && after.every(isOver);
  }

  /** Whether nothing new may start: something failed that all depend on, or the user wants to stop. */
  #stops(): boolean {
    return this.#sharedFailed || this.#options.drain.aborted || this.#options.kill.aborted;
  }

  async #run(step: PipelineStep): Promise<void> {
    const { clock, emit, kill } = this.#options;
    const started = clock.now();
    let last = '';
    this.#begun.set(step.id, new AbortController());
    const watched = this.#begun.get(step.during ?? '');
    const signal = watched === undefined ? kill : AbortSignal.any([kill, watched.signal]);
    const call: CallContext = {
      signal,
      // Waiting tools print the same every few seconds.
      say: (line, lasting) => {
        const kept = lasting === undefined ? {} : { lasting: true as const };
        if (line !== last) emit({ type: 'step-progress', at: clock.now(), id: step.id, line, ...kept });
        last = line;
      },
    };
    try {
      emit({ type: 'step-checking', at: started, id: step.id });
      const found = refuse(await step.check(call));
      if (found.state === 'ready') {
        this.#ready.push(step.id);
        const note = found.note === undefined ? {} : { note: found.note };
        emit({ type: 'step-ready', at: clock.now(), id: step.id, ...note });
      } else if (this.#stops()) {
        // It was only being checked when the stop came: a change that may take long is no longer started.
        this.#giveUp(step);
        return;
      } else {
        await this.#change(step, found, call, started);
      }
      this.#settled.add(step.id);
    } catch (thrown) {
      // What it waited for will not come: the failure of that step has been reported.
      if (this.#lost.has(step.id)) {
        if (watched?.signal.aborted === true) this.#tellGivenUp(step);
        return;
      }
      const problem = kill.aborted ? interrupted(step, kill.reason) : asProblem(thrown);
      this.#fail(step, problem);
      emit({ type: 'step-failed', at: clock.now(), id: step.id, ms: clock.now() - started, problem });
    }
  }

  #fail(step: Step, problem: Problem): void {
    this.#failed.push({ id: step.id, problem });
    if (isShared(step.scope) && step.failsAlone === undefined) this.#sharedFailed = true;
    this.#giveUp(step);
  }

  /** It will not end well in this run, nor will what needs it. */
  #giveUp(step: Step): void {
    this.#lost.add(step.id);
    for (const { id, during } of this.#steps) if (during === step.id && !this.#settled.has(id)) this.#lost.add(id);
    // In the order of the pipeline one pass finds all that need it.
    for (const { id, needs } of this.#steps) if (needs.some((each) => this.#lost.has(each))) this.#lost.add(id);
    this.#begun.get(step.id)?.abort();
  }

  /** Within one scope the failure says it all. */
  #tellGivenUp({ id, scope, during }: PipelineStep): void {
    const failed = this.#steps.find((each) => each.id === during);
    if (failed === undefined || failed.scope === scope) return;
    const { clock, emit } = this.#options;
    emit({
      type: 'step-progress',
      at: clock.now(),
      id,
      line: `stopped, because this failed: ${failed.title}`,
      lasting: true,
    });
  }

  async #change(step: Step, found: StepState, call: CallContext, started: number): Promise<void> {
    const { clock, emit, agreed, beforeChange } = this.#options;
    const changes = found.state === 'partial' ? found.missing : step.preview().changes;
    const destroys = (await step.destroys?.(call)) ?? [];
    refuseUnagreed(step.title, destroys, agreed);
    emit({ type: 'step-started', at: clock.now(), id: step.id, changes, destroys });
    await beforeChange?.();
    await step.apply({ ...call, mustBeAgreed: (more) => refuseUnagreed(step.title, more, agreed) });
    const after = refuse(await step.check(call));
    if (after.state !== 'ready') throw withoutEffect(step, after);
    this.#done.push(step.id);
    emit({ type: 'step-done', at: clock.now(), id: step.id, ms: clock.now() - started });
  }

  #report(): RunReport {
    const { clock, drain, kill } = this.#options;
    const failed = new Set(this.#failed.map(({ id }) => id));
    const notStarted = this.#steps.map(({ id }) => id).filter((id) => !this.#settled.has(id) && !failed.has(id));
    return {
      ok: failed.size === 0 && notStarted.length === 0,
      interrupted: (drain.aborted || kill.aborted) && failed.size + notStarted.length > 0,
      ms: clock.now() - this.#started,
      ready: this.#ready,
      done: this.#done,
      failed: this.#failed,
      notStarted,
      lanes: lanesOf(this.#steps, failed, new Set(notStarted)),
    };
  }
}

function lanesOf(
  steps: readonly PipelineStep[],
  failed: ReadonlySet<string>,
  notStarted: ReadonlySet<string>,
): readonly LaneReport[] {
  return [...new Set(steps.map(({ scope }) => scope))].map((lane) => {
    const ids = steps.filter((step) => step.scope === lane).map(({ id }) => id);
    if (ids.some((id) => failed.has(id))) return { lane, state: 'failed' };
    return { lane, state: ids.some((id) => notStarted.has(id)) ? 'unfinished' : 'complete' };
  });
}

function refuse(found: StepState): StepState {
  if (found.state === 'blocked') throw found.problem;
  return found;
}

function infoOf(step: PipelineStep): StepInfo {
  const { id, title, scope, expectedMs, perRun, group } = step;
  return {
    ...{ id, title, lane: scope, after: predecessors(step), expectedMs },
    ...(perRun === undefined ? {} : { perRun }),
    ...(group === undefined ? {} : { group }),
  };
}

/** A reason that is a Problem is shown in full at the end of the run. */
function interrupted({ title }: Step, reason: unknown): Problem {
  const rest =
    reason instanceof Problem ? { why: reason.message } : { next: ['run the same command again to continue'] };
  return new Problem('interrupted', { what: `${title} was stopped`, ...rest });
}

function withoutEffect(step: Step, after: StepState): Problem {
  return new Problem('step-without-effect', {
    what: `${step.title}: every command reported success, but had no effect`,
    ...(after.state === 'partial' ? { why: after.missing.join('; ') } : {}),
    next: ['run the same command again', 'if it happens again, check the log of the last command'],
  });
}
