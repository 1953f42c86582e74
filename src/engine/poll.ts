/** Waits for something that nobody announces: looks, sleeps, looks again, and gives up at a limit. */
import { Problem } from '../errors/problem.js';
import type { Clock } from '../world/clock.js';

/** How often and how long to look; both in ms. */
export interface PollOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly everyMs: number;
  readonly limitMs: number;
  /** The Problem for a wait that took too long. */
  readonly onTimeout: () => Problem;
}

/** Calls `look` until it answers something other than undefined; its errors end the wait. */
export async function poll<T>(look: () => Promise<T | undefined>, options: PollOptions): Promise<T> {
  const { clock, signal, everyMs, limitMs } = options;
  const end = clock.now() + limitMs;
  for (;;) {
    if (signal.aborted) throw new Problem('interrupted', { what: 'stopped while waiting' });
    const found = await look();
    if (found !== undefined) return found;
    if (clock.now() + everyMs > end) throw options.onTimeout();
    await clock.sleep(everyMs, signal);
  }
}
