/** The events of a run: terminal, plain text, JSON lines and the journal subscribe to them. */
import type { Problem } from '../errors/problem.js';
import type { Destruction } from './destruction.js';

export interface StepInfo {
  readonly id: string;
  readonly title: string;
  readonly lane: string;
  /** Its effect ends with the run: that it had it already is no result. */
  readonly perRun?: true;
  /** Ids of all steps whose end it waits for. */
  readonly after: readonly string[];
  /** Of one group only so many steps run at once; without it there is no bound. */
  readonly group?: string;
  /** In ms. */
  readonly expectedMs: number;
}

/** One thing that happened; `at` is in ms since the epoch. */
export type RunEvent =
  | {
      readonly type: 'run-started';
      readonly at: number;
      readonly steps: readonly StepInfo[];
      /** How many steps of one group run at once. */
      readonly perGroup: number;
      readonly agreed: readonly Destruction[];
    }
  | { readonly type: 'step-checking'; readonly at: number; readonly id: string }
  | { readonly type: 'step-ready'; readonly at: number; readonly id: string; readonly note?: string }
  | {
      readonly type: 'step-started';
      readonly at: number;
      readonly id: string;
      readonly changes: readonly string[];
      readonly destroys: readonly Destruction[];
    }
  /** `lasting`: worth keeping after the step has ended, unlike what a tool reports while it waits. */
  | {
      readonly type: 'step-progress';
      readonly at: number;
      readonly id: string;
      readonly line: string;
      readonly lasting?: true;
    }
  | { readonly type: 'step-done'; readonly at: number; readonly id: string; readonly ms: number }
  | {
      readonly type: 'step-failed';
      readonly at: number;
      readonly id: string;
      readonly ms: number;
      readonly problem: Problem;
    }
  | { readonly type: 'run-finished'; readonly at: number; readonly report: RunReport };

export interface RunReport {
  readonly ok: boolean;
  /** True when the user asked to stop. */
  readonly interrupted: boolean;
  /** In ms. */
  readonly ms: number;
  /** Ids of steps that were so already. */
  readonly ready: readonly string[];
  /** Ids of steps that changed something. */
  readonly done: readonly string[];
  readonly failed: readonly { readonly id: string; readonly problem: Problem }[];
  /** Ids of steps that were not started, or were given up with the one that they watched. */
  readonly notStarted: readonly string[];
  /** In the order of the pipeline. */
  readonly lanes: readonly LaneReport[];
}

/** `complete`: all of its steps ended well; `failed`: one did not; `unfinished`: some were not started. */
export interface LaneReport {
  readonly lane: string;
  readonly state: 'complete' | 'failed' | 'unfinished';
}

/** Receives events in the order in which they happen. */
export type Emit = (event: RunEvent) => void;
