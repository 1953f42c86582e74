/** Tries one case of the fault matrix: the disturbed run, the run that goes on, and the fleet taken away from both. */
import { expect } from 'vitest';
import { ExitCode } from '../../src/errors/exit-codes.js';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { cli, type Ended, type RunOptions } from '../lifecycle/cli.js';
import { down, region } from '../lifecycle/fleet.js';
import type { Scenario } from './scenarios.js';
import { keysLeft, leaks, secretsInPlay } from './secrets-in-play.js';

/** The longest run that is not endless: a cluster that hangs for its whole time limit, twice, and what comes after. */
const boundMs = 6 * 3_600_000;

/** A disturbed run and what it may do. */
export interface Trial {
  /** The disturbance. */
  readonly options: RunOptions;
  /** It is borne: the run succeeds. */
  readonly mustPass: boolean;
  /** The disturbance is the end of the process. */
  readonly mustDie: boolean;
  /** It may end in trouble although all was done: at the death of the process, or of the disk, in the last moment. */
  readonly mayBeOver: boolean;
  /** Who cannot remove a file cannot help that it stays. */
  readonly mayLeaveTokens: boolean;
  /** Nor can who died, or has no disk any more, help that what `init` wrote stays until the next command. */
  readonly mayLeaveKeys: boolean;
  /** What else is expected of how it ended. */
  readonly expectMore?: (ended: Ended) => void;
  /** As it stands in the list of failures. */
  readonly toString: () => string;
}

/** Rejects when one of the promises is broken. */
export async function tried(scenario: Scenario, trial: Trial): Promise<void> {
  const account = await scenario.account();
  const disturbed = await bounded(account, scenario, trial.options);
  if (trial.mustDie) expect(disturbed.code).toBe('killed');
  else expectClear(disturbed);
  expect(leaks(account, secretsInPlay(account), disturbed)).toEqual([]);
  if (!trial.mayLeaveTokens) expect(Object.keys(account.state.files).filter(isToken)).toEqual([]);
  if (!trial.mayLeaveKeys) expect(keysLeft(account)).toEqual([]);
  if (trial.mustPass) expect(disturbed.code, ending(disturbed)).toBe(ExitCode.ok);
  trial.expectMore?.(disturbed);
  if (disturbed.code === ExitCode.ok) finishByHand(account, disturbed);
  else {
    const left = restore(snapshot(account));
    await takeAway(left, scenario);
    await scenario.expectGone(left);
    await goOn(account, scenario, trial);
  }
  expect(keysLeft(account)).toEqual([]);
  await scenario.expectDone(account);
  await takeAway(account, scenario);
  await scenario.expectGone(account);
}

/** What a run that is through says that it leaves, for it could not be looked into, its owner removes. */
function finishByHand({ state }: Account, { stderr }: Ended): void {
  for (const [, namespace = '', member] of stderr.matchAll(
    /namespace (\S+) is kept in (\S+), because its contents could not be counted/g,
  )) {
    const { objects = {} } = Object.values(state.apis).find(({ cluster }) => cluster === member) ?? {};
    for (const key of Object.keys(objects))
      if (key === `namespaces//${namespace}` || key.split('/')[1] === namespace) delete objects[key];
  }
}

/** Runs the same command again. */
async function goOn(account: Account, { words, vars, overSays }: Scenario, { mayBeOver }: Trial): Promise<void> {
  const again = await trusting(account, words, vars);
  const isOver = mayBeOver && overSays !== undefined && again.stderr.includes(overSays);
  if (!isOver) expect(again.code, ending(again)).toBe(ExitCode.ok);
}

/**
 * Runs as somebody does whose record is lost: the fleet's id is given, and a context that only the description names is agreed to, once
 * the program has asked for that.
 */
async function trusting(account: Account, words: string, options?: RunOptions): Promise<Ended> {
  const first = await cli(account, words, options);
  const id = /--fleet-id \S+/.exec(first.stderr)?.[0];
  if (first.stderr.includes('code: consent-missing') && id !== undefined && !words.includes(id))
    return await trusting(account, `${words} ${id}`, options);
  if (!first.stderr.includes('code: context-not-agreed')) return first;
  const contexts = new Set([...first.stderr.matchAll(/--trust-context '([\w-]+)'/g)].map(([, name]) => name));
  return await cli(account, [words, ...[...contexts].map((name) => `--trust-context ${name}`)].join(' '), options);
}

/** As `trusting`, and expects exit code 0. */
export async function obeying(account: Account, words: string, options?: RunOptions): Promise<void> {
  const ended = await trusting(account, words, options);
  expect(ended.code, `${words}\n${ending(ended)}`).toBe(ExitCode.ok);
}

function isToken(path: string): boolean {
  return path.includes('/tokens/');
}

/** There is nothing to take away before the first record or cluster, and after the last. */
async function takeAway(account: Account, { vars, words }: Scenario): Promise<void> {
  const hasRecord = Object.keys(account.state.files).some((path) => path.endsWith('/fleet.json'));
  const hasParent = account.region(region).clusters['karmada-parent'] !== undefined;
  const removal = words.startsWith('down ') ? words : `${down} --fleet karmada --region ${region}`;
  if (hasRecord || hasParent) await obeying(account, removal, vars);
}

/** Time moves when all wait: whoever waits for nothing that ever comes, or for ever again, meets the bound. */
async function bounded(account: Account, { words, vars }: Scenario, more: RunOptions): Promise<Ended> {
  const over = new AbortController();
  const endless = account.clock.sleep(boundMs, over.signal).then((): never => {
    throw new Error('the run has no end');
  });
  endless.catch(() => undefined);
  try {
    return await Promise.race([cli(account, words, { ...vars, ...more }), endless]);
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
