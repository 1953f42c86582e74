/** One run a fleet at a time. */
import { expect, it } from 'vitest';
import { Problem } from '../../src/errors/problem.js';
import { withLock } from '../../src/pipeline/lock.js';
import { newAccount } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';

const machine = (owner: string) => {
  const { world } = connect(newAccount({ now: 0 }));
  return { ...world, environment: { ...world.environment, owner } };
};
const wish = (note: (text: string) => void = () => undefined) => ({
  path: '/f/lock',
  signal: new AbortController().signal,
  note,
});

it('gives the lock back whether the run ends well or badly, and leaves nothing behind', async () => {
  const world = machine('me');
  expect(await withLock(world, wish(), () => Promise.resolve(7))).toBe(7);
  const bad = new Problem('declined', { what: 'no' });
  await expect(withLock(world, wish(), () => Promise.reject(bad))).rejects.toBe(bad);
  expect(await withLock(world, wish(), () => Promise.resolve(8))).toBe(8);
  expect(await world.files.list('/f')).toEqual([]);
});

it('refuses a second run after waiting for a sign of death, and says who holds the lock', async () => {
  const world = machine('me@here');
  const notes: string[] = [];
  const second = (): Promise<void> =>
    withLock(
      world,
      wish((text) => notes.push(text)),
      () => Promise.resolve(),
    );
  await withLock(world, wish(), async () => {
    await expect(second()).rejects.toMatchObject({ code: 'fleet-locked', exitCode: 7, why: 'me@here holds /f/lock' });
    expect(await world.files.read('/f/lock.owner')).toBe('me@here');
  });
  expect(notes).toEqual([expect.stringContaining('me@here works on this fleet')]);
  await second();
});

it('takes the lock as soon as its holder gives it back', async () => {
  const world = machine('me');
  const first = withLock(world, wish(), () => world.clock.sleep(10_000));
  const second = withLock(world, wish(), () => Promise.resolve(world.clock.now()));
  await first;
  expect(await second).toBeGreaterThanOrEqual(10_000);
  expect(await second).toBeLessThan(14_000);
});
