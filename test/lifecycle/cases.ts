/** Runs many generated cases of one kind and tells how many there were and which failed. */
import { expect } from 'vitest';

/**
 * Runs the cases one after another; the failures are told together, each with its case. Fewer cases than `least` are a failure too:
 * what generates them may have ceased to.
 */
export async function passAll<Case>(
  what: string,
  least: number,
  cases: readonly Case[],
  run: (each: Case) => Promise<void>,
): Promise<void> {
  expect(cases.length, `cases of: ${what}`).toBeGreaterThanOrEqual(least);
  const failures: string[] = [];
  for (const each of cases) {
    try {
      await run(each);
    } catch (thrown) {
      failures.push(`${what} ${String(each)}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }
  console.info(`${what}: ${cases.length} cases, ${cases.length - failures.length} passed`);
  expect(failures.join('\n\n')).toBe('');
}

/** 1, 2, … n. */
export function upTo(n: number): readonly number[] {
  return Array.from({ length: n }, (_, index) => index + 1);
}

/** So many moments, evenly spread over a time in ms, neither its beginning nor its end. */
export function spread(count: number, ms: number): readonly number[] {
  return upTo(count).map((n) => Math.round((n * ms) / (count + 1)));
}
