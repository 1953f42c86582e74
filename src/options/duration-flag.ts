/** Parses the duration of a flag. */
import { Problem } from '../errors/problem.js';

const unitMs = { h: 3_600_000, m: 60_000, s: 1000 } as const;

/** `90s`, `10m`, `1h30m` → ms. @throws Problem `invalid-value` */
export function durationMs(flag: string, text: string): number {
  const found = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  if (found === null || text === '') {
    throw new Problem('invalid-value', {
      what: `${flag}: expected a duration such as 90s, 10m or 1h30m (got ${text})`,
    });
  }
  const [, hours = '0', minutes = '0', seconds = '0'] = found;
  return Number(hours) * unitMs.h + Number(minutes) * unitMs.m + Number(seconds) * unitMs.s;
}
