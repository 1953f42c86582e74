/** Ends a running program with all that it started: SIGTERM to its group first, SIGKILL to what stays. */
import type { Readable } from 'node:stream';

/** The part of a child process that is needed to end it. */
interface Group {
  /** The leader's process id, which is the group's; undefined when it could not be started. */
  readonly pid?: number | undefined;
  readonly stdout: Readable;
  readonly stderr: Readable;
}

/** When to end a program; all times in ms. */
interface Limits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Time between SIGTERM and SIGKILL. */
  readonly graceMs: number;
}

/** Why a program was ended from outside. */
export type EndedBy = 'timed-out' | 'cancelled';

/** The longest time that a timer can hold; a longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Watches the limits until `settle` is called, which answers why the program was ended, if it was. */
export function endOnDemand(group: Group, limits: Limits): { readonly settle: () => EndedBy | undefined } {
  let endedBy: EndedBy | undefined;
  let killing: NodeJS.Timeout | undefined;
  const end = (why: EndedBy): void => {
    if (endedBy !== undefined) return;
    endedBy = why;
    signalGroup(group, 'SIGTERM');
    killing = setTimeout(() => {
      signalGroup(group, 'SIGKILL');
      // A grandchild that left the group could hold the pipes open for ever.
      group.stdout.destroy();
      group.stderr.destroy();
    }, limits.graceMs);
  };
  const onAbort = (): void => end('cancelled');
  const timing = setTimeout(() => end('timed-out'), Math.min(limits.timeoutMs, longestTimerMs));
  limits.signal?.addEventListener('abort', onAbort, { once: true });
  return {
    settle: () => {
      clearTimeout(timing);
      clearTimeout(killing);
      limits.signal?.removeEventListener('abort', onAbort);
      // The leader has ended; what outlived it has no one left to end it.
      if (endedBy !== undefined) signalGroup(group, 'SIGKILL');
      return endedBy;
    },
  };
}

function signalGroup({ pid }: Group, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended by itself.
  }
}
