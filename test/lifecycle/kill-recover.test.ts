/** `recover` killed (kill -9) wherever it can be: the same command goes on, and nothing that runs in a member is changed. */
import { beforeAll, expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { passAll, triesMore, upTo } from './cases.js';
import { cli, type Ended, type Interruptions } from './cli.js';
import { readyStatus, succeed } from './fleet.js';
import { elsewhere, loseParent, samePlace } from './recovered.js';
import { backedUp, file, inMembers, settled } from './restored.js';
import { smallFleet } from './small-fleet.js';

const limit = { timeout: 900_000 };
const fleet = smallFleet();
let lost = '';
let before: readonly string[] = [];
let undisturbed: Ended;

beforeAll(async () => {
  const account = await loseParent(await backedUp(fleet()));
  before = inMembers(account);
  lost = snapshot(account);
  undisturbed = await succeed(restore(lost), elsewhere);
}, 60_000);

it.runIf(triesMore)('is gone on with after a kill at every event', limit, async () => {
  await passAll('recover killed at event', 40, upTo(undisturbed.events.length), (killAt) => killed({ killAt }));
});

it.runIf(triesMore)('is gone on with after a kill at the end of every command', limit, async () => {
  const commands = upTo(undisturbed.commands.length);
  await passAll('recover killed at the end of command', 40, commands, (killAfterCommand) =>
    killed({ killAfterCommand }, samePlace),
  );
});

it.runIf(triesMore)('is known while Karmada is stopped, and not taken for a restore', limit, async () => {
  const account: Account = restore(lost);
  const stopped =
    undisturbed.events.findIndex((event) => event.type === 'step-done' && event.id === 'stop-karmada') + 1;
  expect((await cli(account, elsewhere, { killAt: stopped })).code).toBe('killed');
  const resume = `recover ${file} --vpc 'main' --fleet karmada --region eu-west-1`;
  const place = '--fleet karmada --region eu-west-1';
  expect((await cli(account, `status ${place}`)).stdout).toContain(resume);
  for (const words of [`up --yes ${place}`, `restore ${file} --yes --confirm karmada ${place}`]) {
    const { code, stderr } = await cli(account, words);
    expect(code, words).toBe(3);
    expect(stderr, words).toContain(`the recovery from ${file}`);
    expect(stderr, words).toContain(resume);
  }
  await succeed(account, `${elsewhere} --fleet karmada`);
});

async function killed(kill: Interruptions, words = elsewhere): Promise<void> {
  const account: Account = restore(lost);
  expect((await cli(account, words, kill)).code).toBe('killed');
  await succeed(account, words);
  await settled(account);
  await readyStatus(account);
  expect(inMembers(account)).toEqual(before);
}
