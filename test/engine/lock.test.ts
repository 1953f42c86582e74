/** One run a fleet at a time. */
import { expect, it } from 'vitest';
import { type RunLock, withLock } from '../../src/engine/lock.js';
import { Problem } from '../../src/errors/problem.js';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import type { World } from '../../src/world/world.js';

const machine = (owner: string) => machineOn(newAccount({ now: 0 }), owner).world;

/** A process whose files are those of all others of the account, as on a network disk. */
function machineOn(account: Account, owner: string, host = 'here') {
  const { world, ...process } = connect(account, { host });
  return { ...process, account, world: { ...world, environment: { ...world.environment, owner } } };
}
const options = (note: (text: string) => void = () => undefined) => ({
  path: '/f/lock',
  signal: new AbortController().signal,
  note,
});

it('gives the lock back whether the run ends well or badly, and leaves nothing behind', async () => {
  const world = machine('me');
  expect(await withLock(world, options(), () => Promise.resolve(7))).toBe(7);
  const bad = new Problem('declined', { what: 'no' });
  await expect(withLock(world, options(), () => Promise.reject(bad))).rejects.toBe(bad);
  expect(await withLock(world, options(), () => Promise.resolve(8))).toBe(8);
  expect(await world.files.list('/f')).toEqual([]);
});

it('refuses a second run after waiting for a sign of death, and says who holds the lock', async () => {
  const world = machine('me@here');
  const notes: string[] = [];
  const second = (): Promise<void> =>
    withLock(
      world,
      options((text) => notes.push(text)),
      () => Promise.resolve(),
    );
  await withLock(world, options(), async () => {
    await expect(second()).rejects.toMatchObject({ code: 'fleet-locked', exitCode: 7, why: 'me@here holds /f/lock' });
    expect(await world.files.read('/f/lock.owner')).toBe('me@here\nmachine-here/1/0\n');
  });
  expect(notes).toEqual([expect.stringContaining('me@here is working on this fleet')]);
  await second();
});

it('takes the lock as soon as its holder gives it back', async () => {
  const world = machine('me');
  const first = withLock(world, options(), () => world.clock.sleep(10_000));
  const second = withLock(world, options(), () => Promise.resolve(world.clock.now()));
  await first;
  expect(await second).toBeGreaterThanOrEqual(10_000);
  expect(await second).toBeLessThan(14_000);
});

/** Notes of a run that wants the lock, and how that ends. */
async function wanting(world: World): Promise<{ readonly notes: readonly string[]; readonly outcome: unknown }> {
  const notes: string[] = [];
  const wanted = options((text) => notes.push(text));
  const outcome = await withLock(world, wanted, () => Promise.resolve('done')).catch((thrown: unknown) => thrown);
  return { notes, outcome };
}

const hang = (): Promise<never> => new Promise(() => {});

it('takes the lock of a process of this machine that has ended, without a word', async () => {
  const first = machineOn(newAccount({ now: 0 }), 'me@here');
  void withLock(first.world, options(), hang);
  await first.account.clock.sleep(10_000);
  first.kill();
  const { world } = machineOn(first.account, 'you@here');
  expect(await wanting(world)).toEqual({ notes: [], outcome: 'done' });
  expect(first.account.now()).toBeLessThan(16_000);
});

it('does not take the lock of a process of this machine that stands still', async () => {
  const first = machineOn(newAccount({ now: 0 }), 'me@here');
  void withLock(first.world, options(), hang);
  await first.account.clock.sleep(10_000);
  first.suspend();
  await first.account.clock.sleep(600_000);
  const { notes, outcome } = await wanting(machineOn(first.account, 'you@here').world);
  expect(outcome).toMatchObject({ code: 'fleet-locked' });
  expect(notes).toEqual(['me@here is working on this fleet; its process is running on this machine']);
});

it('takes the lock of a sleeping machine after two minutes, and the sleeper learns of it before its next change', async () => {
  const first = machineOn(newAccount({ now: 0 }), 'me@here');
  const { account } = first;
  let lock: RunLock | undefined;
  const sleeping = withLock(first.world, options(), async (held) => {
    lock = held;
    await first.world.clock.sleep(20_000);
    await held.confirm();
    return 'done';
  }).catch((thrown: unknown) => thrown);
  await account.clock.sleep(10_000);
  first.suspend();
  const second = machineOn(account, 'you@there', 'there');
  let release = (): void => undefined;
  const notes: string[] = [];
  const taking = withLock(
    second.world,
    options((text) => notes.push(text)),
    async ({ confirm }) => {
      expect(account.now()).toBeGreaterThan(130_000);
      first.wake();
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      await confirm();
      return 'done';
    },
  );
  expect(await sleeping).toMatchInlineSnapshot(`[Problem: you@there took this fleet over from this run]`);
  expect(await sleeping).toMatchObject({ code: 'fleet-locked', why: expect.stringContaining('was unresponsive') });
  expect(lock?.lost.aborted).toBe(true);
  expect(await second.world.files.read('/f/lock.owner')).toMatch(/^you@there/);
  release();
  expect(await taking).toBe('done');
  expect(notes).toMatchInlineSnapshot(`
    [
      "me@here is working on this fleet; it runs on another machine; if it has died, its lock is taken over in two minutes",
    ]
  `);
});

it('learns of the loss soon after it wakes, also when it changes nothing', async () => {
  const first = machineOn(newAccount({ now: 0 }), 'me@here');
  const { account } = first;
  const lost = new Promise<unknown>((resolve) => {
    void withLock(first.world, options(), async (held) => {
      held.lost.addEventListener('abort', () => resolve(held.lost.reason));
      await hang();
    });
  });
  await account.clock.sleep(10_000);
  first.suspend();
  const second = machineOn(account, 'you@there', 'there');
  void withLock(second.world, options(), hang);
  await account.clock.sleep(200_000);
  first.wake();
  expect(await lost).toMatchObject({ message: 'you@there took this fleet over from this run' });
});

it.each(['me@here', '', 'me@here\nnonsense\n'])('takes an old note for what it is: %j', async (note) => {
  const first = machineOn(newAccount({ now: 0 }), 'me@here');
  void withLock(first.world, options(), hang);
  await first.account.clock.sleep(1_000);
  await first.world.files.write('/f/lock.owner', note);
  const { notes, outcome } = await wanting(machineOn(first.account, 'you@here').world);
  expect(outcome).toMatchObject({ code: 'fleet-locked' });
  expect(notes).toEqual([
    expect.stringMatching(/is working on this fleet; if it has died, its lock is taken over in half a minute/),
  ]);
});
