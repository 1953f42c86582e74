/** Tries the cases of one run: a spread sample of them, or all. */
import { it } from 'vitest';
import type { RecordedCall } from '../../src/rehearsal/faults.js';
import { passAll, triesAll, triesMore } from '../lifecycle/cases.js';
import { succeed } from '../lifecycle/fleet.js';
import { casesFor, trialOf } from './cases.js';
import { diskTrials } from './disk.js';
import { scenarios } from './scenarios.js';
import { type Trial, tried } from './tried.js';

/** Of these cases those whose name matches. */
const only = new RegExp(process.env['CASES_ONLY'] ?? '');

/** Declares the tests of one run. */
export function disturb(run: keyof typeof scenarios): void {
  const limit = { timeout: 24 * 3_600_000 };
  // Two of them. Of a run that makes a VPC, or that works in another account, a few calls of many are others: they are left to a run of all cases.
  const isAlike = run.includes('VPC') || run.includes('account');
  const isTried = triesAll || (triesMore && !isAlike) || run === 'up' || run === 'down';
  it.runIf(isTried)(
    `${run} fails clearly, in bounded time, tells no secret, and is continued and undone`,
    limit,
    async () => {
      await tryAll(run, 'disturbed', (calls) => casesFor(calls).map(trialOf));
    },
  );

  it.runIf(isTried)(`${run} does so whenever the disk is full or silent`, limit, async () => {
    await tryAll(run, 'without a disk', diskTrials);
  });
}

async function tryAll(
  run: keyof typeof scenarios,
  what: string,
  trialsFor: (calls: readonly RecordedCall[]) => readonly Trial[],
): Promise<void> {
  const scenario = scenarios[run];
  const { calls } = await succeed(await scenario.account(), scenario.words, scenario.vars);
  const trials = trialsFor(calls).filter((trial) => only.test(String(trial)));
  await passAll(`${run} ${what}`, process.env['CASES_ONLY'] === undefined ? 3 : 0, trials, async (trial) => {
    try {
      await tried(scenario, trial);
    } catch (thrown) {
      // All of them take long: who waits wants to see what fails when it does.
      console.error(`FAILED ${run}: ${trial}\n${String(thrown)}`);
      throw thrown;
    }
  });
}
