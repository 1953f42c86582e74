/** What a guided run does around its questions: when it asks, what leads back to them, and how it ends. */
import { expect, it } from 'vitest';
import { makeClients } from '../../../src/clients/clients.js';
import { loadRequest, type ResolvedFleet, resolveWantedFleet } from '../../../src/commands/shared/resolve-request.js';
import type { Session } from '../../../src/commands/shared/session.js';
import { guidedUp, needsGuide, type Outcome } from '../../../src/commands/up/guided-up.js';
import type { Destruction } from '../../../src/engine/destruction.js';
import { Problem } from '../../../src/errors/problem.js';
import { noOptions } from '../../../src/options/read-options.js';
import type { Account } from '../../../src/rehearsal/account.js';
import { connect } from '../../../src/rehearsal/machine/connect.js';
import { makeUi } from '../../../src/ui/make-ui.js';
import { newMachine, region } from '../../lifecycle/fleet.js';
import { fakeSurroundings } from '../../ui/fake-surroundings.js';
import { ctrlC, type Line, type ScriptedAsk, scriptedAsk } from './scripted-ask.js';

const filePath = '/home/you/karmada-eks.yaml';
const given = {
  ...noOptions,
  region,
  fleet: 'shop',
  members: 1,
  nodes: 3,
  instanceType: ['m5.large'],
  allow: ['192.0.2.0/24'],
};
const vpc: Line = ['VPC', 'main'];
const go: Line = ['Are these answers right', 'yes'];
const no: Line = ['Save these answers', 'n'];

interface Run {
  readonly outcome: Promise<number>;
  readonly wanted: ResolvedFleet[];
  readonly text: () => string;
  /** What Enter means at each question. */
  readonly presets: ScriptedAsk['presets'];
}

/** A guided run whose attempts end as given, one after another; a Problem is thrown. */
async function guided(
  account: Account,
  lines: readonly Line[],
  ends: readonly (Outcome | Problem | 'ask')[],
  destroys: readonly Destruction[] = [],
): Promise<Run> {
  const surroundings = fakeSurroundings(80);
  const ask = scriptedAsk(...lines);
  const ui = { ...makeUi(surroundings, { json: false, debug: false, now: account.now }), ask };
  const session = sessionOf(account, ui, { AWS_PROFILE: 'ops' });
  const said = await loadRequest(session, given);
  expect(needsGuide(session, given, said)).toBe(true);
  const wanted: ResolvedFleet[] = [];
  const left = [...ends];
  const outcome = guidedUp(session, given, said, async ({ wanted: each }, agree) => {
    wanted.push(each);
    const end = left.shift() ?? expect.unreachable('one attempt too many');
    if (end instanceof Problem) throw end;
    return end === 'ask' ? ((await agree(destroys)) ?? 0) : end;
  });
  void outcome.then(() => expect(ask.left).toEqual([])).catch(() => undefined);
  return { outcome, wanted, presets: ask.presets, text: () => surroundings.stderr.text + surroundings.stdout.text };
}

function sessionOf(account: Account, ui: Session['ui'], vars: Readonly<Record<string, string>> = {}): Session {
  return {
    clients: makeClients(connect(account, { vars }).world),
    ui,
    drain: new AbortController().signal,
    kill: new AbortController().signal,
    listen: () => undefined,
    logInto: () => undefined,
    version: '0.0.0',
    backupProgram: async () => '',
    stopQuietly: () => undefined,
  };
}

it('shows profile and identity first, and ends with the same run as one command', async () => {
  const run = await guided(newMachine(), [vpc, go, ['Proceed', 'yes'], no], ['ask']);
  expect(await run.outcome).toBe(0);
  expect(run.wanted[0]?.fleet).toMatchObject({ name: 'shop', nodes: 3, members: [{ name: 'shop-member-1' }] });
  expect(run.text()).toMatch(
    /^A Karmada fleet on Amazon EKS\n\nAWS account 111122223333, profile ops\narn:aws:iam::111122223333:user\/you\n\n1 topic: VPC\. Enter takes/,
  );
  expect(run.text()).toMatch(
    /the same run as one command:\n {2}karmada-eks up --fleet shop --region us-west-2 --vpc vpc-/,
  );
});

it('leads back to the summary after a refusal, with the reason and all answers', async () => {
  const refusal = new Problem('cluster-not-ours', { what: 'cluster shop-parent exists' });
  const lines: Line[] = [vpc, go, ['Are these answers right', 'change fleet'], ['Name of the fleet', 'store'], go, no];
  const run = await guided(newMachine(), lines, [refusal, 0]);
  expect(await run.outcome).toBe(0);
  expect(run.text()).toContain('cluster shop-parent exists');
  expect(run.wanted.map(({ fleet }) => fleet.name)).toEqual(['shop', 'store']);
});

it('goes from the plan back to the answers, or leaves with the command to come back by', async () => {
  const lines: Line[] = [vpc, go, ['Proceed', 'change'], go, ['Proceed', 'cancel']];
  const run = await guided(newMachine(), lines, ['ask', 'ask']);
  await expect(run.outcome).rejects.toMatchObject({ code: 'declined', message: 'nothing was changed', next: [] });
  expect(run.text()).toMatch(/the same run as one command:\n {2}karmada-eks up --fleet shop .* \\\n {4}--/);
});

it('takes Enter for yes only where nothing is lost', async () => {
  const nodes: Destruction = {
    how: 'interrupt',
    kind: 'nodes',
    name: 'a',
    holds: [],
    evidence: '',
    flag: '--reconcile',
  };
  const lines: Line[] = [vpc, go, ['Proceed', 'yes'], no];
  const harmless = await guided(newMachine(), lines, ['ask']);
  const harmful = await guided(newMachine(), lines, ['ask'], [nodes]);
  await Promise.all([harmless.outcome, harmful.outcome]);
  expect(harmless.presets).toContainEqual(['Proceed', 'carry-out']);
  expect(harmful.presets).toContainEqual(['Proceed', 'leave']);
});

it('passes on what is no refusal', async () => {
  const run = await guided(newMachine(), [vpc, go], [new Problem('fleet-locked', { what: 'another run' })]);
  await expect(run.outcome).rejects.toMatchObject({ code: 'fleet-locked' });
});

it('prints the command after a failed run too, and asks nothing more after a stopped one', async () => {
  const failed = await guided(newMachine(), [vpc, go, no], [4]);
  expect(await failed.outcome).toBe(4);
  expect(failed.text()).toContain('the same run as one command');
  const stopped = await guided(newMachine(), [vpc, go], [130]);
  expect(await stopped.outcome).toBe(130);
  expect(stopped.text()).toContain('the same run as one command');
});

it('saves the answers where they are wanted, and replaces nothing unasked', async () => {
  const account = newMachine();
  const run = await guided(account, [vpc, go, ['Save these answers', 'y']], [0]);
  expect(await run.outcome).toBe(0);
  expect(account.state.files[filePath]).toContain('fleet: shop');
  account.state.files[filePath] = 'mine';
  const kept = await guided(account, [vpc, go, ['Save these answers', 'y'], ['already exists', 'n']], [0]);
  await kept.outcome;
  expect(account.state.files[filePath]).toBe('mine');
  const replaced = await guided(account, [vpc, go, ['Save these answers', 'y'], ['already exists', 'y']], [0]);
  await replaced.outcome;
  expect(account.state.files[filePath]).toContain('fleet: shop');
});

it('takes Ctrl-C at the offer to save for no: the fleet is up, and that is what the exit code says', async () => {
  const account = newMachine();
  const run = await guided(account, [vpc, go, ['Save these answers', ctrlC]], [0]);
  expect(await run.outcome).toBe(0);
  expect(account.state.files[filePath]).toBeUndefined();
});

it('asks for the VPC from the same list where a guided run is not wanted', async () => {
  const ui = makeUi(fakeSurroundings(80), { json: false, debug: false, now: Date.now });
  const session = sessionOf(newMachine(), { ...ui, ask: scriptedAsk(vpc) });
  const { fleet } = await resolveWantedFleet(session, { ...noOptions, region });
  expect(fleet.parent.vpc).toMatch(/^vpc-/);
  await expect(resolveWantedFleet(session, { ...noOptions, region, yes: true })).rejects.toMatchObject({
    code: 'missing-value',
    next: ['set --vpc or KARMADA_EKS_VPC'],
  });
});

it.each([
  ['everything needed is said', { region, vpc: 'main' }, {}, false],
  ['the region is only suggested', { vpc: 'main' }, { AWS_REGION: region }, false],
  ['the VPC is only suggested', { region }, { KARMADA_EKS_DEFAULT_VPC: 'main' }, true],
  ['nothing is said', {}, {}, true],
  ['nothing may be asked', { yes: true }, {}, false],
])('asks when it must: %s', async (_, given, vars, asks) => {
  const options = { ...noOptions, ...given };
  const surroundings = fakeSurroundings(80);
  const ui = makeUi(surroundings, { json: false, debug: false, now: Date.now });
  const session = sessionOf(newMachine(), ui, vars);
  expect(needsGuide(session, options, await loadRequest(session, options))).toBe(asks);
  const alone = sessionOf(newMachine(), makeUi(fakeSurroundings(), { json: false, debug: false, now: Date.now }), vars);
  expect(needsGuide(alone, options, await loadRequest(alone, options))).toBe(false);
});
