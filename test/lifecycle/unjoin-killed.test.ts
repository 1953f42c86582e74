/** `unjoin` killed (kill -9) wherever it can be: the next one ends what was begun. */
import { beforeAll, expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { resourceIds } from '../rehearsal/resources.js';
import { passAll, triesMore, upTo } from './cases.js';
import { cli, type Ended, type Interruptions } from './cli.js';
import { down, succeed } from './fleet.js';
import { expectNoTrace, mixedFleet, mixedMachine, withLaptop } from './unjoined.js';

const limit = { timeout: 900_000 };
const before = resourceIds(mixedMachine());
const leaving = ['own', 'own-pull', 'adopted-pull', 'laptop'];
const words = `unjoin ${leaving.join(' ')} --yes`;
let made: string;
let undisturbed: Ended;

beforeAll(async () => {
  made = snapshot(await mixedFleet());
  undisturbed = await succeed(restore(made), words, withLaptop);
}, 120_000);

it('continues after a kill at every event', limit, async () => {
  await passAll('unjoin killed at event', 10, upTo(undisturbed.events.length), (killAt) => killedAndGone({ killAt }));
});

it.runIf(triesMore)('continues after a kill at the end of every command', limit, async () => {
  await passAll('unjoin killed at the end of command', 5, upTo(undisturbed.commands.length), (killAfterCommand) =>
    killedAndGone({ killAfterCommand }),
  );
});

async function killedAndGone(kill: Interruptions): Promise<void> {
  const account: Account = restore(made);
  expect((await cli(account, words, { ...withLaptop, ...kill })).code).toBe('killed');
  const again = await cli(account, words, withLaptop);
  // When the parent knows that they left, nobody knows their names any more.
  if (again.code !== 0) expect(again.stderr).toContain('no member of the fleet is named adopted-pull');
  expectNoTrace(account, leaving);
  const { stdout } = await succeed(account, 'clusters -o json', withLaptop);
  expect((JSON.parse(stdout) as { name: string }[]).map(({ name }) => name)).toEqual(['adopted']);
  await succeed(account, down, withLaptop);
  expect(resourceIds(account)).toEqual(before);
}
