/** What the ui has around it: three streams, whether they are terminals, and the variables that bear on output. */
import type { Readable, Writable } from 'node:stream';

/** The surroundings as a value, so that tests can make their own. */
export interface Surroundings {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly stdinIsTty: boolean;
  readonly stdoutIsTty: boolean;
  readonly stderrIsTty: boolean;
  /** Width of the terminal now; undefined when there is none. */
  readonly columns: () => number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The surroundings of this process; a terminal that does not tell its width counts as 80 columns. */
export function processSurroundings(env: Surroundings['env']): Surroundings {
  const { stdin, stdout, stderr } = process;
  const terminal = [stderr, stdout].find((stream) => stream.isTTY);
  return {
    stdin,
    stdout,
    stderr,
    stdinIsTty: stdin.isTTY === true,
    stdoutIsTty: stdout.isTTY === true,
    stderrIsTty: stderr.isTTY === true,
    columns: () => terminal && (terminal.columns || 80),
    env,
  };
}
