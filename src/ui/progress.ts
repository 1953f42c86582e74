/** What the subscribers know about a run: its steps, which ones are running, since when, and their latest progress. */
import type { RunEvent, StepInfo } from '../engine/events.js';
import { timeLeft } from '../engine/time-left.js';
import { oneLine } from './text.js';

export interface RunningStep {
  readonly info: StepInfo;
  /** In ms since the epoch. */
  readonly since: number;
  /** True once the step has begun to change something. */
  readonly changing: boolean;
  /** Its latest progress line; empty if it has not reported any. */
  readonly line: string;
}

/** A step that has ended: it changed something, failed, or had nothing to do. */
export interface EndedStep {
  readonly info: StepInfo;
  /** In ms since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly outcome: 'done' | 'failed' | 'ready';
}

/** How an event reports the end of a step. */
const outcomes = { 'step-done': 'done', 'step-failed': 'failed', 'step-ready': 'ready' } as const;

/** Follows a run through its events, and the next run after it. */
export class Progress {
  #started = 0;
  #perGroup = 1;
  readonly #steps = new Map<string, StepInfo>();
  readonly #running = new Map<string, RunningStep>();
  #ended: readonly EndedStep[] = [];

  follow(event: RunEvent): void {
    switch (event.type) {
      case 'run-started':
        this.#started = event.at;
        this.#ended = [];
        this.#perGroup = event.perGroup;
        this.#steps.clear();
        for (const step of event.steps) this.#steps.set(step.id, step);
        return;
      case 'step-checking':
        this.#running.set(event.id, { info: this.info(event.id), since: event.at, changing: false, line: '' });
        return;
      case 'step-started':
        this.#update(event.id, { changing: true });
        return;
      case 'step-progress':
        this.#update(event.id, { line: oneLine(event.line) });
        return;
      case 'step-ready':
      case 'step-done':
      case 'step-failed':
        this.#end(event.id, event.at, outcomes[event.type]);
        return;
      case 'run-finished':
        this.#running.clear();
    }
  }

  /** When the run started, in ms since the epoch. */
  get started(): number {
    return this.#started;
  }

  /** In the order in which they began. */
  get running(): readonly RunningStep[] {
    return [...this.#running.values()];
  }

  /** In the order of the pipeline. */
  get steps(): readonly StepInfo[] {
    return [...this.#steps.values()];
  }

  get hasFailed(): boolean {
    return this.#ended.some(({ outcome }) => outcome === 'failed');
  }

  /** How much longer the run takes; `now` in ms since the epoch. */
  timeLeft(now: number): ReturnType<typeof timeLeft> {
    const over = new Set(this.#ended.map(({ info }) => info.id));
    const since = new Map(this.running.map(({ info, since: from }) => [info.id, from]));
    return timeLeft({ steps: this.steps, perGroup: this.#perGroup, over, since }, now);
  }

  /** The steps of the latest run, in the order in which they ended. */
  get ended(): readonly EndedStep[] {
    return this.#ended;
  }

  info(id: string): StepInfo {
    return this.#steps.get(id) ?? { id, title: id, lane: '', after: [], expectedMs: 0 };
  }

  #end(id: string, to: number, outcome: EndedStep['outcome']): void {
    const from = this.#running.get(id)?.since ?? to;
    this.#ended = [...this.#ended, { info: this.info(id), from, to, outcome }];
    this.#running.delete(id);
  }

  #update(id: string, change: Partial<RunningStep>): void {
    const step = this.#running.get(id);
    if (step !== undefined) this.#running.set(id, { ...step, ...change });
  }
}
