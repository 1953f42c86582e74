/** The surroundings of the ui: three streams, whether they are terminals, and the variables that affect output. */
import type { Readable, Writable } from 'node:stream';

/** The surroundings as a value, so that tests can make their own. */
export interface Surroundings {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly stdinIsTty: boolean;
  readonly stdoutIsTty: boolean;
  /** The permission bits of the regular file that stdout leads into; undefined where it leads elsewhere. */
  readonly stdoutMode?: number | undefined;
  readonly stderrIsTty: boolean;
  /** Width of the terminal now; undefined when there is none. */
  readonly columns: () => number | undefined;
  /** Height of the terminal now; undefined when there is none. */
  readonly rows: () => number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The surroundings of this process; a terminal that does not report its width counts as 80 columns. */
export function processSurroundings(env: Surroundings['env'], stdoutMode: number | undefined): Surroundings {
  const { stdin, stdout, stderr } = process;
  // ora divides by the width: with the 0 of a terminal that does not report it, it would draw forever (9.4.1, `clear`).
  for (const stream of [stderr, stdout]) if (stream.isTTY && !stream.columns) stream.columns = 80;
  const terminal = [stderr, stdout].find((stream) => stream.isTTY);
  return {
    stdin,
    stdout,
    stderr,
    stdinIsTty: stdin.isTTY === true,
    stdoutIsTty: stdout.isTTY === true,
    stderrIsTty: stderr.isTTY === true,
    stdoutMode,
    columns: () => terminal?.columns,
    // A terminal that does not report its size has no rows.
    rows: () => terminal?.rows || undefined,
    env,
  };
}
