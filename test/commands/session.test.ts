/** A session's prompts: whatever is asked, what was read before it is read again. */

import { expect, it } from 'vitest';
import { makeClients } from '../../src/clients/clients.js';
import { makeSession } from '../../src/commands/shared/session.js';
import { newAccount } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import { makeUi } from '../../src/ui/make-ui.js';
import type { Ask } from '../../src/ui/ui.js';
import { ownRegion } from '../../src/world/place.js';
import { fakeSurroundings } from '../ui/fake-surroundings.js';
import { ctrlC, scriptedAsk } from './up/scripted-ask.js';

const never = new AbortController().signal;
const question = { message: 'Which', flag: '--which' };

/** How often a cluster is read that is read before and after this prompt. */
async function readsAround(prompt: (ask: Ask) => Promise<unknown>, answer: string): Promise<number> {
  const account = newAccount();
  const { world, calls } = connect(account);
  const ask = scriptedAsk(['Which', answer]);
  const { clients, ui } = makeSession({
    clients: makeClients(world),
    ui: { ...makeUi(fakeSurroundings(), { json: false, debug: false, now: account.now }), ask },
    drain: never,
    kill: never,
    listen: () => undefined,
    logInto: () => undefined,
    version: '0.0.0',
    backupProgram: async () => '',
    stopQuietly: () => undefined,
  });
  const read = (): Promise<unknown> => clients.eks(ownRegion('us-west-2')).cluster('a');
  await clients.withReadCache(async () => {
    await read();
    await read();
    await prompt(ui.ask).catch(() => undefined);
    await read();
    await read();
  });
  expect(ask.left).toEqual([]);
  return calls.length;
}

it.each<[string, (ask: Ask) => Promise<unknown>]>([
  ['text', (ask) => ask.input(question)],
  ['a choice', (ask) => ask.select({ ...question, choices: [{ name: 'this', value: 1 }] })],
  ['a yes or no', (ask) => ask.confirm(question)],
  ['a name to be typed', (ask) => ask.typedName({ ...question, name: 'this' })],
])('reads again after a question for %s, answered or left', async (_, prompt) => {
  expect(await readsAround(prompt, 'this')).toBe(2);
  expect(await readsAround(prompt, ctrlC)).toBe(2);
});
