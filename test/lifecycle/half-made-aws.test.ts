/** Clusters and stacks that are half made, or on their way, in the parent and in a member: finished, or removed. */
import { expect, it } from 'vitest';
import { ExitCode } from '../../src/errors/exit-codes.js';
import { clusterStack } from '../../src/ownership/cluster-lifetimes.js';
import { deleteStack, findStack } from '../../src/rehearsal/account/stacks.js';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import type { Fault } from '../../src/rehearsal/faults.js';
import type { Condition, StackState } from '../../src/rehearsal/state.js';
import { nodeGroupStack } from '../../src/steps/cluster/cluster-state.js';
import { resourceIds } from '../rehearsal/resources.js';
import { inThisRun, triesMore } from './cases.js';
import { cli, type Ended } from './cli.js';
import { down, expectGone, newMachine, readyStatus, region, smallUp, succeed } from './fleet.js';

const reason = 'You have requested more vCPU capacity than your current vCPU limit of 8 allows';
const before = resourceIds(newMachine());

function stackOf(account: Account, name: string): StackState {
  const stack = findStack(account, region, name);
  expect(stack, `stack ${name}`).toBeDefined();
  return stack ?? ({} as StackState);
}

async function failing(account: Account, words: string, wrong: readonly Condition[], faults: readonly Fault[] = []) {
  account.state.conditions = [...wrong];
  const ended = await cli(account, words, { faults });
  expect(ended.code).toBe(4);
  return ended;
}

/** Somebody deletes a stack in the console, whose protection they have turned off. */
function deletedByHand(account: Account, name: string): void {
  deleteStack(account, region, stackOf(account, name));
  expect(stackOf(account, name).status).toBe('DELETE_IN_PROGRESS');
}

/** Makes the state in a cluster of an account, and expects that it is this one. */
type HalfMade = (account: Account, cluster: string) => Promise<void>;

async function rolledBack(account: Account, cluster: string): Promise<void> {
  const { stderr } = await failing(account, smallUp, [{ kind: 'control-plane-fails', cluster, reason, times: 1 }]);
  expect(stderr).toContain(`why:  ControlPlane: ${reason}`);
  expect(stackOf(account, clusterStack(cluster))).toMatchObject({
    status: 'ROLLBACK_COMPLETE',
    terminationProtection: true,
  });
}

async function withoutNodes(account: Account, cluster: string): Promise<void> {
  const { stderr } = await failing(account, smallUp, [{ kind: 'node-group-fails', cluster, reason, times: 1 }]);
  expect(stderr).toContain(`why:  ManagedNodeGroup: ${reason}`);
}

async function degraded(account: Account, cluster: string): Promise<void> {
  const addon = 'vpc-cni';
  const { stderr } = await failing(account, smallUp, [
    { kind: 'addon-fails', cluster, addon, status: 'DEGRADED', reason, times: 1 },
  ]);
  expect(stderr).toContain(`DEGRADED: ${reason}`);
}

function undeletable(stackOfCluster: (cluster: string) => string): HalfMade {
  return async (account, cluster) => {
    await succeed(account, smallUp);
    const stack = stackOfCluster(cluster);
    const { stderr } = await failing(account, down, [{ kind: 'stack-delete-fails', stack, reason, times: 3 }]);
    expect(stderr).toContain(reason);
    expect(stackOf(account, stack).status).toBe('DELETE_FAILED');
    account.state.conditions = [];
  };
}

function beingMade(wrong: (cluster: string) => readonly Condition[]): HalfMade {
  return async (account, cluster) => {
    const afterMs = 60_000;
    const fault = { call: `exec eksctl create cluster ${cluster}`, kind: 'die-half-way', afterMs } as const;
    account.state.conditions = [...wrong(cluster)];
    // Everything ends with the parent; with a member it is ended, for the other clusters would be waited for.
    const { code } = await cli(account, smallUp, { faults: [fault], killAfterMs: afterMs + 30_000 });
    expect(code).toBe(cluster === 'karmada-parent' ? 4 : 'killed');
    expect(stackOf(account, clusterStack(cluster)).status).toMatch(/^(CREATE|ROLLBACK)_IN_PROGRESS$/);
  };
}

async function rolledBackAndGoing(account: Account, cluster: string): Promise<void> {
  await rolledBack(account, cluster);
  deletedByHand(account, clusterStack(cluster));
}

/** How often the next `up` makes the cluster, and asks for the deletion of stacks: never again what is under way. */
interface Retries {
  readonly creates: number;
  readonly deletes: number;
}

const states: readonly (readonly [string, HalfMade, Retries])[] = [
  ['a control plane in ROLLBACK_COMPLETE', rolledBack, { creates: 1, deletes: 1 }],
  ['a node group that failed', withoutNodes, { creates: 0, deletes: 1 }],
  ['an add-on that is DEGRADED', degraded, { creates: 0, deletes: 0 }],
  ['a control plane in DELETE_FAILED', undeletable(clusterStack), { creates: 1, deletes: 1 }],
  ['a node group in DELETE_FAILED', undeletable(nodeGroupStack), { creates: 0, deletes: 0 }],
  ['a control plane that is being made', beingMade(() => []), { creates: 0, deletes: 0 }],
  [
    'a control plane that is being made and fails',
    beingMade((cluster) => [{ kind: 'control-plane-fails', cluster, reason, times: 1 }]),
    { creates: 1, deletes: 1 },
  ],
  ['a failed control plane that somebody deletes', rolledBackAndGoing, { creates: 1, deletes: 0 }],
];

const cases = ['karmada-parent', 'one'].flatMap((cluster) => states.map((state) => [cluster, ...state] as const));

it.each(inThisRun(cases))('%s: %s', { timeout: 300_000 }, async (cluster, _, make, retries) => {
  const account = newMachine();
  await make(account, cluster);
  const left = restore(snapshot(account));
  await succeed(left, down);
  expectGone(left, before);
  expect(retriesIn(await succeed(account, smallUp), cluster)).toEqual(retries);
  await readyStatus(account);
  await succeed(account, down);
  expectGone(account, before);
});

function retriesIn({ calls }: Ended, cluster: string): Retries {
  const times = (key: string): number => calls.filter((call) => call.key === key).length;
  return {
    creates: times(`exec eksctl create cluster ${cluster}`),
    deletes: times('aws cloudformation:DeleteStack us-west-2'),
  };
}

/** Somebody deletes a whole cluster, and what is in it: the stacks of its add-ons stay, and its volumes. */
async function wholeAndGoing(cluster: string): Promise<Account> {
  const account = newMachine();
  await succeed(account, smallUp);
  deletedByHand(account, nodeGroupStack(cluster));
  await account.clock.sleep(3_600_000);
  deletedByHand(account, clusterStack(cluster));
  return account;
}

it.each(inThisRun(['karmada-parent', 'one']))('%s: a cluster that somebody deletes is taken away', async (cluster) => {
  const account = await wholeAndGoing(cluster);
  const first = await cli(account, down);
  expect(first.code, first.stderr).toBe(cluster === 'one' ? ExitCode.ok : ExitCode.leftovers);
  if (first.code === ExitCode.leftovers) await succeed(account, `${down} --remove-leftovers`);
  expectGone(account, before);
});

it.runIf(triesMore)(
  'one: a cluster that somebody deletes is recreated, and joined once Karmada has let the old one go',
  async () => {
    const account = await wholeAndGoing('one');
    const first = await cli(account, smallUp);
    expect(first.stderr).toContain('code: member-foreign');
    expect(first.stderr).toContain(
      'karmada-eks unjoin one --force --fleet karmada --region us-west-2, then the same command again',
    );
    expect(retriesIn(first, 'one').creates).toBe(1);
    await succeed(account, 'unjoin one --force --yes');
    await succeed(account, smallUp);
    await readyStatus(account);
  },
);
