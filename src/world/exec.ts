/** The port through which every external program is run: argv in, a result out, never a shell. */

/** The programs the product runs; nothing else may be executed. */
export type ToolName = 'eksctl' | 'kubectl' | 'kubectl-karmada' | 'aws';

/** One invocation of a program, as data. */
export interface Command {
  readonly tool: ToolName;
  /** Arguments after the program's name, one element an argument; never joined, never split. */
  readonly args: readonly string[];
  /** Text for standard input; without it standard input is empty. */
  readonly stdin?: string;
}

/** A line that a running program printed, without its line end. */
export interface OutputLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** A command with the conditions it runs under. */
export interface ExecRequest extends Command {
  /** Time after which the program is ended, in ms. */
  readonly timeoutMs: number;
  /** Ends the program when aborted. */
  readonly signal?: AbortSignal;
  readonly onLine?: (line: OutputLine) => void;
}

/** How a program ended. A non-zero exit, a time-out and a missing program are results, not exceptions. */
export type ExecResult =
  | {
      readonly kind: 'exited';
      /** Exit status; 128 + n when signal n ended it. */
      readonly code: number;
      readonly stdout: string;
      readonly stderr: string;
    }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'timed-out'; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'cancelled'; readonly stdout: string; readonly stderr: string };

/**
 * Runs one program to its end. Rejects with Problem `writable-by-others` instead of running what other users may change,
 * with `file-timed-out` when its disk is silent, and with nothing else.
 */
export type Exec = (request: ExecRequest) => Promise<ExecResult>;
