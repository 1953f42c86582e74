/** `up` killed (kill -9) wherever it can be: the next `up` ends what was begun, and `down` leaves nothing. */
import { beforeAll, expect, it } from 'vitest';
import { resourceIds } from '../rehearsal/resources.js';
import { passAll, spread, triesMore, upTo } from './cases.js';
import { cli, type Ended, type Interruptions } from './cli.js';
import { down, expectGone, newMachine, readyStatus, smallUp, succeed } from './fleet.js';

const limit = { timeout: 900_000 };
let undisturbed: Ended;

beforeAll(async () => {
  undisturbed = await succeed(newMachine(), smallUp);
});

it('continues after a kill at every event', limit, async () => {
  await passAll('up killed at event', 100, upTo(undisturbed.events.length), (killAt) => killedAndMadeWhole({ killAt }));
});

it('continues after a kill at moments all over the run', limit, async () => {
  const [first, last] = [undisturbed.events.at(0), undisturbed.events.at(-1)];
  const moments = spread(40, (last?.at ?? 0) - (first?.at ?? 0));
  await passAll('up killed after ms', 40, moments, (killAfterMs) => killedAndMadeWhole({ killAfterMs }));
});

it.runIf(triesMore)('continues after a kill midway through every command', limit, async () => {
  const start = undisturbed.events[0]?.at ?? 0;
  const halves = new Set(undisturbed.commands.map(({ from, to }) => Math.round((from + to) / 2) - start));
  await passAll('up killed within a command after ms', 15, [...halves], (killAfterMs) =>
    killedAndMadeWhole({ killAfterMs }),
  );
});

it('continues after a kill at the end of every command', limit, async () => {
  await passAll('up killed at the end of command', 15, upTo(undisturbed.commands.length), (killAfterCommand) =>
    killedAndMadeWhole({ killAfterCommand }),
  );
});

async function killedAndMadeWhole(kill: Interruptions): Promise<void> {
  const account = newMachine();
  const before = resourceIds(account);
  const killed = await cli(account, smallUp, kill);
  expect(killed.code).toBe('killed');
  await succeed(account, smallUp);
  await readyStatus(account);
  await succeed(account, down);
  expectGone(account, before);
}
