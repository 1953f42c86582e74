/** Tries the cases of one run: a spread sample of them, or all. */
import { it } from 'vitest';
import { passAll } from '../lifecycle/cases.js';
import { succeed } from '../lifecycle/fleet.js';
import { caseName, casesFor, sampleOf } from './cases.js';
import { scenarios } from './scenarios.js';
import { tried } from './tried.js';

/** `all`, or how many cases of each run; `npm run faults` tries them all. */
const wanted = process.env['FAULT_CASES'] ?? '8';
/** Which part of the cases the sample is: another one every day. */
const seed = Number(process.env['FAULT_SEED'] ?? Math.floor(Date.now() / 86_400_000));
/** Of these cases those whose name matches. */
const only = new RegExp(process.env['FAULT_ONLY'] ?? '');

/** Declares the test of one run. */
export function disturb(run: keyof typeof scenarios): void {
  it(`${run} fails clearly, in bounded time, tells no secret, and is continued and undone`, {
    timeout: 24 * 3_600_000,
  }, async () => {
    const scenario = scenarios[run];
    const { calls } = await succeed(await scenario.account(), scenario.words, scenario.vars);
    const all = casesFor(calls).filter((each) => only.test(caseName(each)));
    const cases = wanted === 'all' ? all : sampleOf(all, Number(wanted), seed);
    const named = cases.map((each) => ({ ...each, toString: () => caseName(each) }));
    console.info(`${run}: ${calls.length} calls, ${all.length} cases, ${cases.length} of them tried (seed ${seed})`);
    await passAll(`${run} disturbed`, named, async (each) => {
      try {
        await tried(scenario, each);
      } catch (thrown) {
        // All of them take long: who waits wants to see what fails when it does.
        console.error(`FAILED ${run}: ${each}\n${String(thrown)}`);
        throw thrown;
      }
    });
  });
}
