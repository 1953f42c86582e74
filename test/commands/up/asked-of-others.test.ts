/** What is asked on a terminal before somebody else's description is followed or changed. */
import { expect, it } from 'vitest';
import { makeClients } from '../../../src/clients/clients.js';
import type { Session } from '../../../src/commands/shared/session.js';
import { up } from '../../../src/commands/up/up.js';
import { Problem } from '../../../src/errors/problem.js';
import { noOptions } from '../../../src/options/read-options.js';
import type { Options } from '../../../src/options/table.js';
import type { Account } from '../../../src/rehearsal/account.js';
import { connect, type ProcessOptions } from '../../../src/rehearsal/machine/connect.js';
import { makeUi } from '../../../src/ui/make-ui.js';
import { region, succeed } from '../../lifecycle/fleet.js';
import { withContexts } from '../../lifecycle/joinable.js';
import { planted } from '../../lifecycle/planted.js';
import { smallFleet } from '../../lifecycle/small-fleet.js';
import { fakeSurroundings } from '../../ui/fake-surroundings.js';
import { type Line, type ScriptedAsk, scriptedAsk } from './scripted-ask.js';

const limit = { timeout: 300_000 };
const fleet = smallFleet();

interface Asked {
  /** The code of the Problem in which the run ended. */
  readonly code: string;
  readonly text: string;
  readonly changes: readonly string[];
  /** What Enter means at each question. */
  readonly presets: ScriptedAsk['presets'];
}

/** `up` on a terminal, whose questions are answered by the script; it has to end in a Problem. */
async function upAsked(
  account: Account,
  given: Partial<Options>,
  options: ProcessOptions,
  ...lines: readonly Line[]
): Promise<Asked> {
  const surroundings = fakeSurroundings(80);
  const ask = scriptedAsk(...lines);
  const { world, calls } = connect(account, options);
  const session: Session = {
    clients: makeClients(world),
    ui: { ...makeUi(surroundings, { json: false, debug: false, now: account.now }), ask },
    drain: new AbortController().signal,
    kill: new AbortController().signal,
    listen: () => undefined,
    logInto: () => undefined,
    version: '0.0.0',
    backupProgram: async () => '',
    stopQuietly: () => undefined,
  };
  const ended = await up(session, { ...noOptions, region, vpc: 'main', ...given }).catch((thrown: unknown) => thrown);
  expect(ask.left).toEqual([]);
  return {
    code: ended instanceof Problem ? ended.code : String(ended),
    text: surroundings.stderr.text.replaceAll(/\s+/g, ' '),
    presets: ask.presets,
    changes: calls.map(({ key }) => key).filter((key) => / (apply|join|create|patch|delete)\b/.test(key)),
  };
}

const use: Line = [
  'Member edge uses context kind-edge of your kubeconfig, but only the description in karmada-parent says so. Use this context',
  'y',
];

it('a context that only the description names', limit, async () => {
  const declined = await upAsked(await planted(), {}, withContexts, [use[0], 'n']);
  expect(declined).toMatchObject({ code: 'declined', changes: [] });
  const used = await upAsked(await planted(), {}, withContexts, use, ['Proceed', 'n']);
  expect(used).toMatchObject({ code: 'declined', changes: [] });
});

it('a change of a fleet that this machine has no record of', limit, async () => {
  const other = { host: 'other' };
  const change: Line = ['The fleet was created by you@rehearsal on 2026-11-22', 'n'];
  const declined = await upAsked(fleet(), { nodes: 4 }, other, change);
  expect(declined).toMatchObject({ code: 'declined', changes: [] });
  expect(declined.text).toContain(
    'this would change fleet karmada, which this machine has no record of: nodes from 3 to 4',
  );
  const going = await upAsked(fleet(), { nodes: 4 }, other, [change[0], 'y'], ['Proceed', 'n']);
  expect(going).toMatchObject({ code: 'declined', changes: [] });
  // Where there is a record, nobody asks.
  expect(await upAsked(fleet(), { nodes: 4 }, {}, ['Proceed', 'n'])).toMatchObject({ code: 'declined', changes: [] });
});

it('Enter means yes only where nothing is lost', limit, async () => {
  const account = fleet();
  const more = await upAsked(account, { nodes: 4, reconcile: true }, {}, ['Proceed', 'n']);
  expect(more.presets).toEqual([['Proceed', true]]);
  await succeed(account, 'up --nodes 4 --reconcile --yes');
  const fewer = await upAsked(account, { nodes: 3, reconcile: true }, {}, ['Proceed', 'n']);
  expect(fewer.presets).toEqual([['Proceed', false]]);
});
