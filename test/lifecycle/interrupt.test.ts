/** Ctrl-C once lets end what runs, twice stops it; both end with 130, say how to go on, and lose nothing. */
import { beforeAll, expect, it } from 'vitest';
import { passAll } from './cases.js';
import { cli, type Ended } from './cli.js';
import { newMachine, readyStatus, smallUp, succeed } from './fleet.js';

let undisturbed: Ended;
let sample: readonly number[];

beforeAll(async () => {
  undisturbed = await succeed(newMachine(), smallUp);
  // Every fifth event; at the last two (the last step's end and the run's) nothing is left to be interrupted.
  const last = undisturbed.events.length - 2;
  sample = undisturbed.events.flatMap((_, index) => (index % 5 === 0 && index + 1 < last ? [index + 1] : []));
});

it('lets end what runs at the first Ctrl-C', { timeout: 120_000 }, async () => {
  await passAll('drained at event', sample, async (drainAt) => {
    const account = newMachine();
    const stopped = await cli(account, smallUp, { drainAt });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain('stopping: what runs may end, nothing new is started; once more stops it too');
    expect(stopped.stderr).toMatch(/interrupted in .*not started/);
    expect(stopped.stderr).toContain('to go on:    run the same command again; what is done stays done');
    expect(stopped.events.filter(({ type }) => type === 'step-failed')).toEqual([]);
    await succeed(account, smallUp);
    await readyStatus(account);
  });
});

it('stops what runs at the second', { timeout: 120_000 }, async () => {
  await passAll('stopped at event', sample, async (drainAt) => {
    const account = newMachine();
    const stopped = await cli(account, smallUp, { drainAt, stopAt: drainAt + 1 });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain('stopping now; run the same command again to go on');
    await succeed(account, smallUp);
    await readyStatus(account);
  });
});

it('stops at once, not when the step would have ended', async () => {
  const account = newMachine();
  const started = undisturbed.events.findIndex(({ type }) => type === 'step-progress') + 1;
  const stopped = await cli(account, smallUp, { drainAt: started, stopAt: started });
  expect(stopped.code).toBe(130);
  const [first, last] = [stopped.events.at(0), stopped.events.at(-1)];
  expect((last?.at ?? 0) - (first?.at ?? 0)).toBeLessThan(60_000);
  expect(stopped.stderr).toMatch(/✖ create EKS cluster \S+ in us-west-2 was stopped/);
  expect(stopped.stderr).toContain('code: interrupted');
});
