/** Files that a fleet has on this machine, cut short or full of nonsense: told by their path, or written anew. */
import { expect, it } from 'vitest';
import { ExitCode } from '../../src/errors/exit-codes.js';
import type { Account } from '../../src/rehearsal/account.js';
import { passAll } from '../lifecycle/cases.js';
import { cli } from '../lifecycle/cli.js';
import { down, region } from '../lifecycle/fleet.js';
import { scenarios } from './scenarios.js';
import { obeying } from './tried.js';

const { account: wholeFleet, vars, expectGone } = scenarios.down;
const { words: up, expectDone } = scenarios.up;

const remove = `${down} --fleet karmada --region ${region}`;

const spoilt: Readonly<Record<string, (text: string) => string>> = {
  empty: () => '',
  half: (text) => text.slice(0, text.length / 2),
  nonsense: () => '<html>502 Bad Gateway</html>\n',
  zeros: (text) => '\0'.repeat(text.length),
};

/** Logs are read by nobody. */
const paths = Object.keys((await wholeFleet()).state.files).filter((path) => !path.includes('/logs/'));

const cases = paths.flatMap((path) =>
  Object.entries(spoilt).flatMap(([how, spoil]) =>
    [up, remove].map((words) => ({
      path,
      spoil,
      words,
      toString: () => `${how}: ${path} (${words.split(' ')[0]})`,
    })),
  ),
);

it('lets no spoilt file do harm', { timeout: 24 * 3_600_000 }, async () => {
  await passAll('spoilt file', 3, cases, async ({ path, spoil, words }) => {
    const account = await wholeFleet();
    const text = account.state.files[path] ?? '';
    account.state.files[path] = spoil(text);
    await succeedOrName(account, path, words, text);
    if (words === up) {
      await expectDone(account);
      await obeying(account, remove, vars);
    }
    await expectGone(account);
  });
});

/** What the program cannot read it names; the user then does what it says: removes it, or mends what is theirs. */
async function succeedOrName(account: Account, path: string, words: string, text: string): Promise<void> {
  const { code, stderr } = await cli(account, words, vars);
  if (code === ExitCode.ok) return;
  expect(stderr).toContain(path);
  expect(stderr).toMatch(/code: (?!internal)[a-z-]+/);
  const isUsers = !path.includes('/karmada-eks/');
  if (isUsers) account.state.files[path] = text;
  else delete account.state.files[path];
  await obeying(account, words, vars);
}
