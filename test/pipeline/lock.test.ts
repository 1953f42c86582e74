/** One run a fleet at a time. */
import { expect, it } from 'vitest';
import { Problem } from '../../src/errors/problem.js';
import { withLock } from '../../src/pipeline/lock.js';
import { newAccount } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';

const machine = () => connect(newAccount({ now: 0 })).world.files;

it('gives the lock back whether the run ends well or badly, and leaves nothing behind', async () => {
  const files = machine();
  expect(await withLock(files, '/f/lock', 'me', () => Promise.resolve(7))).toBe(7);
  const bad = new Problem('declined', { what: 'no' });
  await expect(withLock(files, '/f/lock', 'me', () => Promise.reject(bad))).rejects.toBe(bad);
  expect(await withLock(files, '/f/lock', 'me', () => Promise.resolve(8))).toBe(8);
  expect(await files.list('/f')).toEqual([]);
});

it('refuses a second run, and says who holds the lock', async () => {
  const files = machine();
  const second = (): Promise<unknown> => withLock(files, '/f/lock', 'you@there', () => Promise.resolve());
  await withLock(files, '/f/lock', 'me@here', async () => {
    await expect(second()).rejects.toMatchObject({ code: 'fleet-locked', exitCode: 7, why: 'me@here holds /f/lock' });
    expect(await files.read('/f/lock.owner')).toBe('me@here');
  });
  await second();
});
