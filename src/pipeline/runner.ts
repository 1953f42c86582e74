/** Runs a pipeline: starts whatever is ready, proves each result by looking again, and stops starting after a failure. */
import { asProblem, Problem } from '../errors/problem.js';
import type { Clock } from '../world/clock.js';
import type { Emit, RunReport, StepInfo } from './events.js';
import { inOrder } from './graph.js';
import type { Step, StepContext, StepState } from './step.js';

/** What a run needs besides its steps. */
export interface RunOptions {
  readonly clock: Clock;
  readonly emit: Emit;
  /** Aborted at the first Ctrl-C: start nothing new, let what runs end. */
  readonly drain: AbortSignal;
  /** Aborted at the second Ctrl-C: end what runs. */
  readonly kill: AbortSignal;
}

/** Runs all steps; never rejects for a step's failure: the report says what failed. */
export async function runSteps(steps: readonly Step[], options: RunOptions): Promise<RunReport> {
  return await new Run(inOrder(steps), options).toEnd();
}

class Run {
  readonly #steps: readonly Step[];
  readonly #options: RunOptions;
  readonly #started: number;
  readonly #waiting: Set<Step>;
  readonly #settled = new Set<string>();
  readonly #ready: string[] = [];
  readonly #done: string[] = [];
  readonly #failed: { id: string; problem: Problem }[] = [];

  constructor(steps: readonly Step[], options: RunOptions) {
    this.#steps = steps;
    this.#options = options;
    this.#started = options.clock.now();
    this.#waiting = new Set(steps);
  }

  async toEnd(): Promise<RunReport> {
    const { clock, emit } = this.#options;
    emit({ type: 'run-started', at: this.#started, steps: this.#steps.map(infoOf) });
    const running = new Map<string, Promise<string>>();
    for (;;) {
      for (const step of this.#startable()) {
        this.#waiting.delete(step);
        running.set(
          step.id,
          this.#run(step).then(() => step.id),
        );
      }
      if (running.size === 0) break;
      running.delete(await Promise.race(running.values()));
    }
    const report = this.#report();
    emit({ type: 'run-finished', at: clock.now(), report });
    return report;
  }

  #startable(): readonly Step[] {
    if (this.#stops()) return [];
    return [...this.#waiting].filter((step) => step.after.every((id) => this.#settled.has(id)));
  }

  /** Whether nothing new may start: something failed, or the user wants to stop. */
  #stops(): boolean {
    return this.#failed.length > 0 || this.#options.drain.aborted || this.#options.kill.aborted;
  }

  async #run(step: Step): Promise<void> {
    const { clock, emit, kill } = this.#options;
    const started = clock.now();
    let last = '';
    const context: StepContext = {
      signal: kill,
      // Tools that wait say the same every few seconds.
      say: (line) => {
        if (line !== last) emit({ type: 'step-progress', at: clock.now(), id: step.id, line });
        last = line;
      },
    };
    try {
      emit({ type: 'step-checking', at: started, id: step.id });
      const found = refuse(await step.check(context));
      if (found.state === 'ready') {
        this.#ready.push(step.id);
        const note = found.note === undefined ? {} : { note: found.note };
        emit({ type: 'step-ready', at: clock.now(), id: step.id, ...note });
      } else if (this.#stops()) {
        // It was only looked at when the stop came: a change that may take long is not begun any more.
        this.#waiting.add(step);
        return;
      } else {
        await this.#change(step, found, context, started);
      }
      this.#settled.add(step.id);
    } catch (thrown) {
      const problem = kill.aborted ? interrupted(step) : asProblem(thrown);
      this.#failed.push({ id: step.id, problem });
      emit({ type: 'step-failed', at: clock.now(), id: step.id, ms: clock.now() - started, problem });
    }
  }

  async #change(step: Step, found: StepState, context: StepContext, started: number): Promise<void> {
    const { clock, emit } = this.#options;
    const changes = found.state === 'partial' ? found.missing : step.preview().changes;
    emit({ type: 'step-started', at: clock.now(), id: step.id, changes });
    await step.apply(context);
    const after = refuse(await step.check(context));
    if (after.state !== 'ready') throw withoutEffect(step, after);
    this.#done.push(step.id);
    emit({ type: 'step-done', at: clock.now(), id: step.id, ms: clock.now() - started });
  }

  #report(): RunReport {
    const stopped = this.#options.drain.aborted || this.#options.kill.aborted;
    return {
      ok: this.#failed.length === 0 && this.#waiting.size === 0,
      interrupted: stopped && (this.#waiting.size > 0 || this.#failed.length > 0),
      ms: this.#options.clock.now() - this.#started,
      ready: this.#ready,
      done: this.#done,
      failed: this.#failed,
      notStarted: this.#steps.filter((step) => this.#waiting.has(step)).map((step) => step.id),
    };
  }
}

function refuse(found: StepState): StepState {
  if (found.state === 'blocked') throw found.problem;
  return found;
}

function infoOf({ id, title, lane, after, expectedMs }: Step): StepInfo {
  return { id, title, lane, after, expectedMs };
}

function interrupted(step: Step): Problem {
  return new Problem('interrupted', {
    what: `${step.title} was stopped`,
    next: ['run the same command again: it goes on'],
  });
}

function withoutEffect(step: Step, after: StepState): Problem {
  return new Problem('step-without-effect', {
    what: `${step.title}: every command reported success, but the result is not there`,
    ...(after.state === 'partial' ? { why: after.missing.join('; ') } : {}),
    next: ['run the same command again', 'if it happens again, look into the log of the last command'],
  });
}
