/** The log of a whole run without a terminal: short, each thing once, and a sign of life while nothing ends. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { cli } from '../lifecycle/cli.js';
import { down, newMachine, region } from '../lifecycle/fleet.js';

const up = `up --region ${region} --vpc main --members 3 --yes --rehearse`;

/** What a command writes to standard error, and everything that it writes. */
async function logOf(account: Account, words: string) {
  const { code, stdout, stderr } = await cli(account, words, { alone: true });
  expect(code).toBe(0);
  const log = stderr.trimEnd().split('\n');
  return { log, all: [...stdout.trimEnd().split('\n'), ...log] };
}

/** Of the steps that ended: one or several quick ones on a line. */
function titlesIn(log: readonly string[]): readonly string[] {
  const results = log.flatMap((line) => /^\+\d+:\d\d (?:done|unchanged): +(.*)$/.exec(line)?.[1] ?? []);
  return results.flatMap((text) => text.split('; ').map((title) => title.replace(/ \(\d+m \d\ds\)$/, '')));
}

describe('the log of `up` of three members', () => {
  let log: readonly string[] = [];
  let all: readonly string[] = [];
  beforeAll(async () => {
    ({ log, all } = await logOf(newMachine(), up));
  }, 60_000);

  it('has at most 60 lines, with the plan and what to do next', () => {
    expect(log.length).toBeLessThanOrEqual(35);
    expect(all.length).toBeLessThanOrEqual(60);
    expect(log).toContain('+00:00 20 steps, ~21m');
    expect(titlesIn(log)).toHaveLength(20);
  });

  it('has no bars but those of one timeline, and nothing of what tools print while they wait', () => {
    const bars = log.flatMap((line, index) => (/[█▒░]/.test(line) ? [index] : []));
    expect(bars.at(-1)).toBe((bars[0] ?? 0) + bars.length - 1);
    expect(log.join('\n')).not.toMatch(/CloudFormation|deploying|creating addon/);
  });

  it('calls the steps in the timeline what it called them before', () => {
    const rows = log.filter((line) => /[█▒]/.test(line) && !line.includes('critical path'));
    expect(rows.length).toBeGreaterThan(5);
    for (const row of rows) expect(titlesIn(log)).toContain(/^(.*?) *[█▒]/.exec(row)?.[1]);
  });

  it('shows a sign of life at most once a minute', () => {
    const at = log.flatMap((line) => {
      const [, minutes, seconds] = /^\+(\d+):(\d\d) \d+ of 20 steps, /.exec(line) ?? [];
      return minutes === undefined ? [] : Number(minutes) * 60 + Number(seconds);
    });
    expect(at.length).toBeGreaterThan(0);
    for (const [index, each] of at.slice(1).entries()) expect(each - (at[index] ?? 0)).toBeGreaterThanOrEqual(60);
  });
});

it('is as short for `down`', async () => {
  const account = newMachine();
  await logOf(account, up);
  const { log, all } = await logOf(account, `${down} --rehearse`);
  expect(log.length).toBeLessThanOrEqual(35);
  expect(all.length).toBeLessThanOrEqual(60);
}, 60_000);
