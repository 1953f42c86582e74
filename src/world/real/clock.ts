/** Real time. */
import { setTimeout as after } from 'node:timers/promises';
import type { Clock } from '../clock.js';

export const realClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    try {
      await after(ms, undefined, signal === undefined ? {} : { signal });
    } catch {
      // The signal was aborted: the sleep just ends early.
    }
  },
};
