/** `down` killed (kill -9) wherever it can be: the next `down` ends what was begun. */
import { beforeAll, expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { resourceIds } from '../rehearsal/resources.js';
import { passAll, spread, upTo } from './cases.js';
import { cli, type Ended, type Interruptions } from './cli.js';
import { down, expectGone, newMachine, smallUp, succeed } from './fleet.js';

const limit = { timeout: 900_000 };
const before = resourceIds(newMachine());
let made: string;
let undisturbed: Ended;

beforeAll(async () => {
  const account = newMachine();
  await succeed(account, smallUp);
  made = snapshot(account);
  undisturbed = await succeed(fleet(), down);
});

it('continues after a kill at every event', limit, async () => {
  await passAll('down killed at event', 40, upTo(undisturbed.events.length), (killAt) => killedAndGone({ killAt }));
});

it('continues after a kill at moments all over the run', limit, async () => {
  const [first, last] = [undisturbed.events.at(0), undisturbed.events.at(-1)];
  const moments = spread(40, (last?.at ?? 0) - (first?.at ?? 0));
  await passAll('down killed after ms', 20, moments, (killAfterMs) => killedAndGone({ killAfterMs }));
});

it('continues after a kill midway through every command', limit, async () => {
  const start = undisturbed.events[0]?.at ?? 0;
  const halves = new Set(undisturbed.commands.map(({ from, to }) => Math.round((from + to) / 2) - start));
  await passAll('down killed within a command after ms', 5, [...halves], (killAfterMs) =>
    killedAndGone({ killAfterMs }),
  );
});

it('continues after a kill at the end of every command', limit, async () => {
  await passAll('down killed at the end of command', 5, upTo(undisturbed.commands.length), (killAfterCommand) =>
    killedAndGone({ killAfterCommand }),
  );
});

function fleet(): Account {
  return restore(made);
}

async function killedAndGone(kill: Interruptions): Promise<void> {
  const account = fleet();
  const killed = await cli(account, down, kill);
  expect(killed.code).toBe('killed');
  await succeed(account, down);
  expectGone(account, before);
}
