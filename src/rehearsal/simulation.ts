/** What every part of the rehearsal is given: the account, its time, and the process that a simulated program runs in. */
import type { AccountState, Moment, RegionState } from './state.js';

/** Answers a call of a path with a body; the lines of its answer come one by one. */
export type Listener = (path: string, body: string) => { readonly status: number; readonly lines: readonly string[] };

/** The account with what all simulated services share. */
export interface Simulation {
  readonly state: AccountState;
  /** Virtual time now. */
  readonly now: () => Moment;
  /** A new id, e.g. `id('vol')` → `vol-0000000000000012a`. */
  readonly id: (prefix: string) => string;
  /** The region, made empty (three zones) when it was never used. */
  readonly region: (name: string) => RegionState;
  /** The other account that it is looked from; undefined: the first one. */
  readonly seenFrom?: string;
  /** All of it, as the first account looks at it, where it is looked from another one. */
  readonly whole?: Simulation;
  /** What listens on ports of the machines, by port; no two machines use the same. */
  readonly listeners: Map<number, Listener>;
}

/** A simulated program while it runs: like a real one it can only read its input, print, take time, and exit. */
export interface ToolProcess {
  readonly simulation: Simulation;
  readonly args: readonly string[];
  readonly stdin: string;
  /** Of the machine it runs on. */
  readonly host: string;
  /** The public address of the machine it runs on; whoever said none is let in everywhere: a rehearsal cannot know the user's. */
  readonly address: string | null | undefined;
  /** A variable of its environment. */
  readonly variable: (name: string) => string | undefined;
  /** Files of the machine it runs on. */
  readonly readFile: (path: string) => string | undefined;
  readonly writeFile: (path: string, text: string) => void;
  readonly removeFolder: (path: string) => void;
  /**
   * Takes time. Rejects with ProcessEnded when the program is stopped meanwhile (time-out, cancel, kill -9), so that
   * what comes after it does not happen: a program that dies half-way leaves half its work.
   */
  readonly takes: (ms: number) => Promise<void>;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/** A simulated program: answers the exit status. What it does not model throws Problem `rehearsal-unmodelled` with the argv. */
export type ToolSimulator = (process: ToolProcess) => Promise<number>;
