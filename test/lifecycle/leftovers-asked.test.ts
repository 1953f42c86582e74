/** The question at the end of `down` on a terminal: what it says, and what follows from each answer. */
import { expect, it } from 'vitest';
import type { Session } from '../../src/cli/session.js';
import { down } from '../../src/cli/verbs/down.js';
import { makeClients } from '../../src/discover/clients.js';
import type { Account } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import { resourceIds } from '../../src/rehearsal/resources.js';
import { makeUi } from '../../src/ui/make-ui.js';
import { ctrlC, type Line, scriptedAsk } from '../guide/scripted-ask.js';
import { fakeSurroundings } from '../ui/fake-surroundings.js';
import { before, goneFleet, more } from './leftover-fleet.js';
import { plantOne } from './leftover-things.js';

const question = '1 thing of fleet karmada is still there: 0.0022 USD an hour, 1.60 in a month of 730 hours';

async function asked(account: Account, ...lines: readonly Line[]): Promise<{ code: number; text: string }> {
  const surroundings = fakeSurroundings(100);
  const ask = scriptedAsk(...lines);
  const never = new AbortController().signal;
  const session: Session = {
    clients: makeClients(connect(account).world),
    ui: { ...makeUi(surroundings, { json: false, debug: false, now: account.now }), ask },
    drain: never,
    kill: never,
    listen: () => undefined,
    logInto: () => undefined,
    version: '0.0.0',
    stopQuietly: () => undefined,
  };
  const code = await down(session, {});
  expect(ask.left).toEqual([]);
  return { code, text: surroundings.stdout.text + surroundings.stderr.text };
}

async function withVolume(): Promise<Account> {
  const account = await goneFleet();
  plantOne(account, 'volume');
  return account;
}

it('removes after a yes', async () => {
  const account = await withVolume();
  const { code, text } = await asked(account, [question, 'y']);
  expect(code).toBe(0);
  expect(text).toContain('fleet karmada is gone');
  expect(resourceIds(account)).toEqual(before);
});

it('changes nothing after a no, and says how to remove it later', async () => {
  const account = await withVolume();
  const { code, text } = await asked(account, [question, 'n']);
  expect(code).toBe(5);
  expect(text.replace(/\s+/g, ' ')).toContain('karmada-eks down --fleet karmada --region us-west-2 --remove-leftovers');
  expect(more(account)).toHaveLength(1);
});

it('changes nothing when the question is left', async () => {
  const account = await withVolume();
  await expect(asked(account, [question, ctrlC])).rejects.toMatchObject({ code: 'interrupted' });
  expect(more(account)).toHaveLength(1);
});
