/** The port through which every external program is run: argv in, a result out, never a shell. */

import type { RolePlace } from './place.js';

/** The programs the product runs; nothing else may be executed. */
export type ToolName = 'eksctl' | 'kubectl' | 'kubectl-karmada' | 'aws';

export interface Command {
  readonly tool: ToolName;
  /** Arguments after the program's name, one element per argument; never joined, never split. */
  readonly args: readonly string[];
  /** Text for standard input; empty by default. */
  readonly stdin?: string;
  /** Absolute path of a file that is streamed to standard input instead of text. */
  readonly stdinFile?: string;
  /** Where the program calls AWS as a role of another account: it is given that one's credentials, and no others. */
  readonly as?: RolePlace;
}

/** A line printed by a running program, without the line break. */
export interface OutputLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface ExecRequest extends Command {
  /** Time after which the program is terminated, in ms. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: OutputLine) => void;
}

/** How a program ended. A non-zero exit, a time-out and a missing program are results, not exceptions. */
export type ExecResult =
  | {
      readonly kind: 'exited';
      /** Exit status; 128 + n if signal n terminated it. */
      readonly code: number;
      readonly stdout: string;
      readonly stderr: string;
    }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'timed-out'; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'cancelled'; readonly stdout: string; readonly stderr: string };

/**
 * Runs one program to completion. Rejects with Problem `writable-by-others` instead of running what other users can
 * modify, with `file-timed-out` if its disk does not respond, with `file-failed` if `stdinFile` cannot be read, and with
 * nothing else.
 */
export type Exec = (request: ExecRequest) => Promise<ExecResult>;
