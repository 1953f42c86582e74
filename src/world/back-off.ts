/** How long to wait for somebody who refuses calls for their rate. */
import type { Clock } from './clock.js';

/** What a wait needs: the time, and who may end it. */
export interface Patience {
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
}

/** A minute in all: quotas of AWS are refilled by the second, so what is longer is no burst. */
const pausesMs = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000];

/** Waits before another try; `failed` counts the tries that were refused before, from 0. False: there is to be none. */
export async function mayTryAgain({ clock, signal }: Patience, failed: number): Promise<boolean> {
  const pause = pausesMs[failed];
  if (pause === undefined || signal?.aborted) return false;
  await clock.sleep(pause, signal);
  return !signal?.aborted;
}
