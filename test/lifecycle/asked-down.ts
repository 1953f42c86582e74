/** `down` on a terminal where somebody answers by a script, and others may change the account while they read. */
import { expect } from 'vitest';
import { makeClients } from '../../src/clients/clients.js';
import { down } from '../../src/commands/down/down.js';
import { makeSession } from '../../src/commands/shared/session.js';
import type { RunEvent } from '../../src/engine/events.js';
import { noOptions } from '../../src/options/read-options.js';
import type { Options } from '../../src/options/table.js';
import type { Account } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import { makeUi } from '../../src/ui/make-ui.js';
import type { Ask } from '../../src/ui/ui.js';
import { type Line, scriptedAsk } from '../commands/up/scripted-ask.js';
import { fakeSurroundings } from '../ui/fake-surroundings.js';

export interface Asked {
  readonly code: number;
  readonly text: string;
  readonly events: readonly RunEvent[];
}

export interface Reading {
  readonly given?: Partial<Options>;
  /** Happens after a question is shown and before it is answered. */
  readonly meanwhile?: () => Promise<void> | void;
}

export async function asked(
  account: Account,
  lines: readonly Line[],
  { given = {}, meanwhile }: Reading = {},
): Promise<Asked> {
  const surroundings = fakeSurroundings(160);
  const scripted = scriptedAsk(...lines);
  const first = async <T>(answer: Promise<T>): Promise<T> => {
    await meanwhile?.();
    return await answer;
  };
  const ask: Ask = {
    ...scripted,
    confirm: (question) => first(scripted.confirm(question)),
    typedName: (question) => first(scripted.typedName(question)),
  };
  const never = new AbortController().signal;
  const events: RunEvent[] = [];
  const session = makeSession({
    clients: makeClients(connect(account).world),
    ui: { ...makeUi(surroundings, { json: false, debug: false, now: account.now }), ask },
    drain: never,
    kill: never,
    listen: (event) => events.push(event),
    logInto: () => undefined,
    version: '0.0.0',
    backupProgram: async () => '',
    stopQuietly: () => undefined,
  });
  const code = await down(session, { ...noOptions, ...given });
  expect(scripted.left).toEqual([]);
  return { code, text: surroundings.stdout.text + surroundings.stderr.text, events };
}
