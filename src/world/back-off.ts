/** How long to wait for a service that throttles calls. */
import type { Clock } from './clock.js';

export interface Patience {
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
}

/** A minute in total: AWS quotas are refilled every second, so anything longer is not a burst. */
const pausesMs = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000];

/** `failed`: attempts refused before, from 0. False if there is no next attempt. */
export async function mayTryAgain({ clock, signal }: Patience, failed: number): Promise<boolean> {
  const pause = pausesMs[failed];
  if (pause === undefined || signal?.aborted) return false;
  await clock.sleep(pause, signal);
  return !signal?.aborted;
}
