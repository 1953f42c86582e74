/** Virtual time jumps when all sleep, and only then; compressed time runs. */
import { expect, it } from 'vitest';
import { newAccount } from '../../src/rehearsal/account.js';

it('moves to the earliest sleeper when everybody sleeps, and never by itself', async () => {
  const { clock } = newAccount({ now: 1000 });
  const woken: string[] = [];
  const sleep = async (name: string, ms: number): Promise<void> => {
    await clock.sleep(ms);
    woken.push(`${name}@${clock.now()}`);
  };
  await Promise.all([sleep('late', 500), sleep('early', 20), sleep('also early', 20)]);
  expect(woken).toEqual(['early@1020', 'also early@1020', 'late@1500']);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(clock.now()).toBe(1500);
});

it('lets chains of awaits and turns of the loop finish before it jumps', async () => {
  const { clock } = newAccount({ now: 0 });
  const seen: number[] = [];
  const busy = async (): Promise<void> => {
    for (let index = 0; index < 100; index += 1) await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    seen.push(clock.now());
  };
  await Promise.all([clock.sleep(60_000), busy()]);
  expect(seen).toEqual([0]);
});

it('wakes a sleeper whose signal is aborted at once, and forgets its time', async () => {
  const { clock } = newAccount({ now: 0 });
  const abort = new AbortController();
  const asleep = clock.sleep(1_000_000, abort.signal);
  abort.abort();
  await asleep;
  await clock.sleep(10);
  expect(clock.now()).toBe(10);
});

it('runs compressed time faster than real time and writes it into the account', async () => {
  const account = newAccount({ now: 0, speed: 10_000 });
  await account.clock.sleep(100_000);
  expect(account.state.now).toBeGreaterThanOrEqual(100_000);
});

it('lets no compressed time pass that a sleeper has not seen, however long the process was kept waiting', async () => {
  const { clock } = newAccount({ now: 0, speed: 10_000 });
  const beat = clock.sleep(100_000);
  const until = performance.now() + 300;
  while (performance.now() < until);
  expect(clock.now()).toBeGreaterThanOrEqual(100_000);
  // Not 3,000,000; the rest is what passed before the sleep.
  expect(clock.now()).toBeLessThan(1_000_000);
  await beat;
});
