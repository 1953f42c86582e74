/** Tries one case of the fault matrix: the disturbed run, the run that goes on, and the fleet taken away from both. */
import { expect } from 'vitest';
import { ExitCode } from '../../src/errors/exit-codes.js';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { cli, type Ended, type RunOptions } from '../lifecycle/cli.js';
import { down, region, succeed } from '../lifecycle/fleet.js';
import { type Case, disturbance } from './cases.js';
import type { Scenario } from './scenarios.js';
import { leaks, secretsInPlay } from './secrets-in-play.js';

/** The longest run that is not endless: a cluster that hangs for its whole time limit, twice, and what comes after. */
const boundMs = 6 * 3_600_000;

/** Rejects when one of the promises is broken. */
export async function tried(scenario: Scenario, each: Case): Promise<void> {
  const account = await scenario.account();
  const disturbed = await bounded(account, scenario, disturbance(each));
  expectClear(disturbed);
  expect(leaks(account, secretsInPlay(account), disturbed)).toEqual([]);
  expect(Object.keys(account.state.files).filter((path) => path.includes('/tokens/') && !isFileFault(each))).toEqual(
    [],
  );
  if (isPassing(each)) expect(disturbed.code, ending(disturbed)).toBe(ExitCode.ok);
  if (disturbed.code !== ExitCode.ok) {
    const left = restore(snapshot(account));
    if (hasFleet(left)) await succeed(left, `${down} --fleet karmada --region ${region}`, scenario.vars);
    await scenario.expectGone(left);
    await succeed(account, scenario.words, scenario.vars);
  }
  await scenario.expectDone(account);
  if (hasFleet(account)) await succeed(account, down, scenario.vars);
  await scenario.expectGone(account);
}

/** A refusal for the rate of calls is waited for. */
function isPassing({ call, kind, lasting }: Case): boolean {
  return kind === 'throttle' && call.startsWith('aws ') && !lasting;
}

/** Who cannot remove a file cannot help that it stays. */
function isFileFault({ call }: Case): boolean {
  return call.startsWith('file ');
}

/** There is nothing to take away before the first record and after the last deletion. */
function hasFleet(account: Account): boolean {
  return Object.keys(account.state.files).some((path) => path.endsWith('/fleet.json'));
}

/** Time moves when all wait: whoever waits for nothing that ever comes, or for ever again, meets the bound. */
async function bounded(account: Account, { words, vars }: Scenario, more: RunOptions): Promise<Ended> {
  const over = new AbortController();
  const endless = account.clock.sleep(boundMs + 60_000, over.signal).then((): never => {
    throw new Error('the run has no end');
  });
  endless.catch(() => undefined);
  try {
    const ended = await Promise.race([cli(account, words, { ...vars, ...more, killAfterMs: boundMs }), endless]);
    expect(ended.code, 'the run has no end').not.toBe('killed');
    return ended;
  } finally {
    over.abort();
  }
}

/** An error has a code of its own and says what to do. */
function expectClear(ended: Ended): void {
  expect(ended.stderr.includes('unexpected error'), ending(ended)).toBe(false);
  if (ended.code === ExitCode.ok) return;
  expect(ended.code, ending(ended)).not.toBe(ExitCode.internal);
  expect(ended.stderr, ending(ended)).toMatch(/code: (?!internal)[a-z-]+/);
  expect(ended.stderr, ending(ended)).toContain('next: ');
}

function ending({ stderr }: Ended): string {
  return stderr.split('\n').slice(-20).join('\n');
}
