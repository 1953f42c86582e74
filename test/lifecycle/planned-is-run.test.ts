/** What is planned is what runs: the same steps, in the same order, the lease among them. */
import { expect, it } from 'vitest';
import type { RunEvent } from '../../src/engine/events.js';
import type { Account } from '../../src/rehearsal/account.js';
import { restore } from '../../src/rehearsal/account.js';
import { triesMore } from './cases.js';
import type { Ended } from './cli.js';
import { down, newMachine, smallUp, succeed } from './fleet.js';
import { madeFleet } from './small-fleet.js';

/** A line of JSON, as far as it matters here. */
interface Line {
  readonly type: string;
  readonly rows?: readonly { readonly step: string }[];
}

/** The steps of a run; each was checked once or, when it changed something, reported to be done. */
function ran({ events }: Ended): readonly string[] {
  const steps = events.flatMap((event) => (event.type === 'run-started' ? event.steps : [])).map(({ id }) => id);
  const ended = (event: RunEvent): readonly string[] =>
    event.type === 'step-ready' || event.type === 'step-done' ? [event.id] : [];
  expect(events.flatMap(ended).sort()).toEqual([...steps].sort());
  return steps;
}

async function planned(account: Account, up: string): Promise<readonly { id: string; state: string }[]> {
  const { stdout } = await succeed(account, `${up.replace('up', 'plan').replace(' --yes', '')} -o json`);
  return (JSON.parse(stdout) as { steps: { id: string; state: string }[] }).steps;
}

const idsOf = (steps: readonly { id: string }[]): readonly string[] => steps.map(({ id }) => id);

it('a first up', async () => {
  const account = newMachine();
  const plan = await planned(account, smallUp);
  expect(idsOf(plan)).toMatchInlineSnapshot(`
    [
      "create-cluster/parent",
      "control-plane/parent",
      "nodes/parent",
      "write-kubeconfig/parent",
      "take-lease",
      "create-cluster/one",
      "write-kubeconfig/one",
      "create-cluster/two",
      "write-kubeconfig/two",
      "record-fleet",
      "add-storage-class",
      "expose-api",
      "init-karmada",
      "harden-karmada",
      "publish-api",
      "join-member/one",
      "register-member/two",
      "merge-kubeconfig",
    ]
  `);
  expect(ran(await succeed(account, smallUp))).toEqual(idsOf(plan));
});

it.runIf(triesMore)('a second up, whose lease is taken before its first step', async () => {
  const account = restore(await madeFleet());
  const more = `${smallUp} --member name=new`;
  const plan = await planned(account, more);
  expect(plan.filter(({ state }) => state !== 'ready').map(({ id, state }) => `${id} ${state}`)).toMatchInlineSnapshot(`
    [
      "take-lease absent",
      "create-cluster/new absent",
      "write-kubeconfig/new absent",
      "record-fleet partial",
      "join-member/new absent",
      "merge-kubeconfig absent",
    ]
  `);
  const run = await succeed(account, more);
  expect(ran(run)).toEqual(idsOf(plan));
  expect(run.events).toContainEqual(expect.objectContaining({ type: 'step-ready', id: 'take-lease' }));
  expect(run.events).not.toContainEqual(expect.objectContaining({ type: 'step-started', id: 'take-lease' }));
});

it('an up with nothing to do has a plan of nothing, and takes no lease', async () => {
  const account = restore(await madeFleet());
  const plan = await planned(account, smallUp);
  expect(plan.filter(({ state }) => state !== 'ready').map(({ id }) => id)).toEqual(['take-lease']);
  const { events, stdout, calls } = await succeed(account, smallUp);
  expect([events, stdout]).toEqual([[], 'fleet karmada is up to date: nothing to do\n']);
  expect(calls.filter(({ key }) => key.includes('lease'))).toEqual([]);
});

it('a join', async () => {
  const account = restore(await madeFleet());
  const run = await succeed(account, 'join --json --yes --member name=new,mode=pull');
  const lines = run.stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]));
  const plan = lines.find(({ type }) => type === 'plan');
  const [started] = run.events.flatMap((event) => (event.type === 'run-started' ? [event.steps] : []));
  expect(plan?.rows?.map(({ step }) => step).sort()).toEqual(started?.map(({ title }) => title).sort());
  expect(ran(run)).toMatchInlineSnapshot(`
    [
      "take-lease",
      "record-fleet",
      "limit-access",
      "create-cluster/new",
      "write-kubeconfig/new",
      "register-member/new",
      "merge-kubeconfig",
    ]
  `);
});

it('an unjoin', async () => {
  const account = restore(await madeFleet());
  expect(ran(await succeed(account, 'unjoin two --yes --delete-cluster'))).toMatchInlineSnapshot(`
    [
      "take-lease",
      "leave/two",
      "limit-access",
      "delete-cluster/two",
      "drop-contexts",
      "record-fleet",
    ]
  `);
});

it('a down', async () => {
  const account = restore(await madeFleet());
  expect(ran(await succeed(account, down))).toMatchInlineSnapshot(`
    [
      "take-lease",
      "back-up-karmada",
      "leave/one",
      "leave/two",
      "undo/init-karmada",
      "undo/expose-api",
      "undo/add-storage-class",
      "undo/create-cluster/parent",
      "undo/create-cluster/one",
      "undo/create-cluster/two",
      "undo/merge-kubeconfig",
    ]
  `);
});
