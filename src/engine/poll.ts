/** Polls: checks, sleeps, checks again, and gives up at a limit. */
import { Problem } from '../errors/problem.js';
import type { Clock } from '../world/clock.js';

/** How often and how long to wait; both in ms. */
export interface PollOptions {
  readonly clock: Clock;
  /** Aborted: the wait ends with Problem `interrupted`. */
  readonly signal: AbortSignal;
  readonly everyMs: number;
  /** Without it there is no limit. */
  readonly limitMs?: number;
  /** Aborted: there is nothing to wait for any more, and the answer is undefined. */
  readonly until?: AbortSignal;
  /** The Problem for a wait that took too long; without it the answer is undefined then. */
  readonly onTimeout?: () => Problem | Promise<Problem>;
}

/** Calls `check` until it answers something other than undefined; its errors end the wait. */
export async function poll<T>(
  check: () => Promise<T | undefined>,
  options: Omit<PollOptions, 'until'> & Required<Pick<PollOptions, 'onTimeout'>>,
): Promise<T>;
export async function poll<T>(check: () => Promise<T | undefined>, options: PollOptions): Promise<T | undefined>;
export async function poll<T>(check: () => Promise<T | undefined>, options: PollOptions): Promise<T | undefined> {
  const { clock, signal, everyMs, limitMs = Number.POSITIVE_INFINITY, until, onTimeout } = options;
  const end = clock.now() + limitMs;
  const woken = until === undefined ? signal : AbortSignal.any([signal, until]);
  for (;;) {
    if (signal.aborted) throw new Problem('interrupted', { what: 'stopped while waiting' });
    if (until?.aborted) return undefined;
    const found = await check();
    if (found !== undefined) return found;
    if (clock.now() + everyMs > end) {
      if (onTimeout === undefined) return undefined;
      throw await onTimeout();
    }
    await clock.sleep(everyMs, woken);
  }
}
