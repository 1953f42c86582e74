/** Runs many generated cases of one kind, or a sample of them, and tells how many there were and which failed. */
import { expect } from 'vitest';

/**
 * How many cases of each kind are tried: `all`, or a number. The sample is the same every time, so that a commit that passed
 * passes tomorrow; `npm run faults` tries all.
 */
const { CASES: wanted = '1', CASES_SEED: seed = '20261127' } = process.env;

/** Tries the sample of the cases that this run is to try. Fewer cases than `least` are a failure: what generates them may have ceased to. */
export async function passAll<Case>(
  what: string,
  least: number,
  cases: readonly Case[],
  run: (each: Case) => Promise<void>,
): Promise<void> {
  await passEach(what, least, cases, run, inThisRun(cases));
}

/** Whether this run tries more than `npm test`: what takes long in real programs is left to it. */
export const triesMore = wanted !== '1';

/** Whether this run tries every case, which takes hours. */
export const triesAll = wanted === 'all';

/** The cases that this run is to try: all, or the sample. */
export function inThisRun<Case>(cases: readonly Case[]): readonly Case[] {
  return triesAll ? cases : sampleOf(cases, Number(wanted), Number(seed));
}

/** Tries every case, one after another; the failures are told together, each with its case. */
export async function passEach<Case>(
  what: string,
  least: number,
  cases: readonly Case[],
  run: (each: Case) => Promise<void>,
  tried: readonly Case[] = cases,
): Promise<void> {
  expect(cases.length, `cases of: ${what}`).toBeGreaterThanOrEqual(least);
  const failures: string[] = [];
  for (const each of tried) {
    try {
      await run(each);
    } catch (thrown) {
      failures.push(`${what} ${String(each)}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }
  console.info(`${what}: ${cases.length} cases, ${tried.length} tried, ${tried.length - failures.length} passed`);
  expect(failures.join('\n\n')).toBe('');
}

/** At most `count` of them, spread evenly over all. */
export function sampleOf<Case>(cases: readonly Case[], count: number, by: number): readonly Case[] {
  const step = Math.max(1, Math.ceil(cases.length / count));
  return cases.filter((_, index) => index % step === by % step);
}

/** 1, 2, … n. */
export function upTo(n: number): readonly number[] {
  return Array.from({ length: n }, (_, index) => index + 1);
}

/** So many moments, evenly spread over a time in ms, neither its beginning nor its end. */
export function spread(count: number, ms: number): readonly number[] {
  return upTo(count).map((n) => Math.round((n * ms) / (count + 1)));
}
