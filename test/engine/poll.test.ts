/** Waiting for what nobody announces. Times are virtual. */
import { expect, it } from 'vitest';
import { poll } from '../../src/engine/poll.js';
import { Problem } from '../../src/errors/problem.js';
import { newStage } from './steps.js';

function waiting(everyMs: number, limitMs: number) {
  const { clock } = newStage();
  const stop = new AbortController();
  const looks: number[] = [];
  const start = <T>(look: (n: number) => T | undefined) =>
    poll(
      async () => {
        looks.push(clock.now());
        return look(looks.length);
      },
      {
        clock,
        signal: stop.signal,
        everyMs,
        limitMs,
        onTimeout: () => new Problem('member-not-ready', { what: `gave up at ${clock.now()}` }),
      },
    );
  return { clock, stop, looks, start };
}

it('checks once, and answers without a sleep when it is there', async () => {
  const { looks, start, clock } = waiting(1000, 10_000);
  expect([await start(() => 'here'), looks, clock.now()]).toEqual(['here', [0], 0]);
});

it.each([[false], [0], [''], [null]])('takes %s for an answer: only undefined is none', async (answer) => {
  expect(await waiting(1000, 10_000).start(() => answer)).toBe(answer);
});

it('looks again in the rhythm given until it is there', async () => {
  const { looks, start } = waiting(1000, 10_000);
  await start((n) => (n === 4 ? n : undefined));
  expect(looks).toEqual([0, 1000, 2000, 3000]);
});

it('looks a last time at the limit, and gives up with the problem given', async () => {
  const { looks, start } = waiting(1000, 3000);
  await expect(start(() => undefined)).rejects.toMatchObject({ code: 'member-not-ready', message: 'gave up at 3000' });
  expect(looks).toEqual([0, 1000, 2000, 3000]);
});

it('does not sleep beyond the limit', async () => {
  const { clock, start } = waiting(1000, 2500);
  await expect(start(() => undefined)).rejects.toMatchObject({ code: 'member-not-ready' });
  expect(clock.now()).toBe(2000);
});

it('counts the time that the looks take', async () => {
  const { clock } = newStage();
  const onTimeout = (): Problem => new Problem('throttled', { what: 'late' });
  const slow = (): Promise<undefined> => clock.sleep(900).then(() => undefined);
  const signal = new AbortController().signal;
  await expect(poll(slow, { clock, signal, everyMs: 100, limitMs: 1950, onTimeout })).rejects.toMatchObject({
    code: 'throttled',
  });
  expect(clock.now()).toBe(1900);
});

it('ends in the middle of a sleep when it is stopped', async () => {
  const { clock, stop, looks, start } = waiting(1000, 60_000);
  void clock.sleep(1500).then(() => stop.abort());
  await expect(start(() => undefined)).rejects.toMatchObject({ code: 'interrupted' });
  expect([looks, clock.now()]).toEqual([[0, 1000], 1500]);
});

it('does not even look when it was stopped before', async () => {
  const { stop, looks, start } = waiting(1000, 60_000);
  stop.abort();
  await expect(start(() => 1)).rejects.toMatchObject({ code: 'interrupted' });
  expect(looks).toEqual([]);
});

it('passes an error of the look on at once', async () => {
  const { looks, start } = waiting(1000, 60_000);
  const refuse = (): never => {
    throw new Problem('access-denied', { what: 'no' });
  };
  await expect(start(refuse)).rejects.toMatchObject({ code: 'access-denied' });
  expect(looks).toEqual([0]);
});

it('answers nothing at the limit where no problem is given', async () => {
  const { clock } = newStage();
  const { signal } = new AbortController();
  const looks: number[] = [];
  const check = async (): Promise<undefined> => void looks.push(clock.now());
  expect(await poll(check, { clock, signal, everyMs: 1000, limitMs: 2000 })).toBeUndefined();
  expect(looks).toEqual([0, 1000, 2000]);
});

it('ends without an answer as soon as there is nothing to wait for any more', async () => {
  const { clock } = newStage();
  const { signal } = new AbortController();
  const until = new AbortController();
  const looks: number[] = [];
  const check = async (): Promise<undefined> => void looks.push(clock.now());
  void clock.sleep(2500).then(() => until.abort());
  expect(await poll(check, { clock, signal, until: until.signal, everyMs: 1000 })).toBeUndefined();
  expect([looks, clock.now()]).toEqual([[0, 1000, 2000], 2500]);
});
