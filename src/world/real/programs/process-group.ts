/** Terminates a running program and everything it started: SIGTERM to its group first, SIGKILL to what remains. */
import type { Readable } from 'node:stream';

interface Group {
  /** The leader's process id, which is the group's; undefined if it could not be started. */
  readonly pid?: number | undefined;
  readonly stdout: Readable;
  readonly stderr: Readable;
}

/** When to terminate a program; all times in ms. */
interface Limits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Time between SIGTERM and SIGKILL. */
  readonly graceMs: number;
}

export type EndedBy = 'timed-out' | 'cancelled';

/** The longest delay that a timer supports; a longer one would fire immediately. */
const longestTimerMs = 2 ** 31 - 1;

/** Watches the limits until `settle` is called, which returns why the program was terminated, if it was. */
export function endOnDemand(group: Group, limits: Limits): { readonly settle: () => EndedBy | undefined } {
  let endedBy: EndedBy | undefined;
  let killing: NodeJS.Timeout | undefined;
  const end = (why: EndedBy): void => {
    if (endedBy !== undefined) return;
    endedBy = why;
    signalGroup(group, 'SIGTERM');
    killing = setTimeout(() => {
      signalGroup(group, 'SIGKILL');
      // A grandchild that left the group could keep the pipes open forever.
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
      // The leader has ended; nothing else would terminate what outlived it.
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
    // The group has already ended.
  }
}
