/** Two machines that work on one fleet: one at a time, whoever dies is taken over, and nobody undoes what the other did. */
import { beforeAll, expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import type { Fault } from '../../src/rehearsal/faults.js';
import { resourceIds } from '../../src/rehearsal/resources.js';
import { said } from '../cli/said.js';
import { cli, type Ended, type RunOptions } from './cli.js';
import { changes, down, newMachine, readyStatus, region, smallUp, succeed } from './fleet.js';

const limit = { timeout: 900_000 };
const minute = 60_000;
const named = ` --fleet karmada --region ${region}`;
const other: RunOptions = { host: 'other' };
const three = `${smallUp} --member name=three`;
/** What else changes a fleet. */
const others = [three, `${down}${named}`, `unjoin one --yes${named}`, `join --member name=four --yes${named}`];
let made: string;

beforeAll(async () => {
  const account = newMachine();
  await succeed(account, smallUp);
  made = snapshot(account);
  // A verb is loaded when it is first carried out, and meanwhile the time of whoever sleeps would run away.
  for (const verb of ['down', 'unjoin one', 'join --member name=four', 'demo', 'status']) {
    await cli(newMachine(), `${verb}${named}`);
  }
}, 120_000);

/** The fleet, made on the first machine. */
function fleet(): Account {
  return restore(made);
}

function leaseOf(account: Account): object | undefined {
  return account.state.apis[`eks/${region}/karmada-parent`]?.objects['leases/kube-system/karmada-eks'];
}

async function untilHeld(account: Account): Promise<void> {
  while (leaseOf(account) === undefined) await account.clock.sleep(500);
}

function signsOfLife({ calls }: Ended): number {
  return calls.filter(({ key }) => key.startsWith('exec kubectl replace')).length;
}

it('refuses every change by another machine while a run lasts, and says who works there', limit, async () => {
  const account = fleet();
  const first = cli(account, three);
  await untilHeld(account);
  await account.clock.sleep(5 * minute);
  for (const words of others) {
    const refused = await cli(account, words, other);
    expect(refused.code, words).toBe(7);
    expect(refused.stderr).toMatch(/✖ you@rehearsal \(pid 1\) works on fleet karmada/);
    expect(refused.stderr).toMatch(/since 2026-11-22T\S+Z, last sign of life \d+ s ago/);
    expect(refused.stderr).toContain('wait for its end, then run the same command again');
    expect(changes(refused).filter((key) => !key.includes('Lease/karmada-eks'))).toEqual([]);
  }
  const { stdout } = await cli(account, `status${named}`, other);
  expect(stdout).toMatch(/you@rehearsal \(pid 1\) works on it since 2026-11-22T/);
  const ended = await first;
  expect(ended.code).toBe(0);
  expect(signsOfLife(ended)).toBeGreaterThan(12);
  expect(leaseOf(account)).toBeUndefined();
});

it('refuses a demo beside another, and lets it come after', limit, async () => {
  const account = fleet();
  const first = cli(account, 'demo');
  await untilHeld(account);
  expect((await cli(account, `demo${named}`, other)).code).toBe(7);
  expect((await first).code).toBe(0);
  await succeed(account, `demo${named}`, other);
});

it('lets one of two first runs through', limit, async () => {
  const account = newMachine();
  const before = resourceIds(account);
  const first = cli(account, smallUp);
  const second = cli(account, smallUp, other);
  const codes = (await Promise.all([first, second])).map(({ code }) => code);
  expect(codes).toContain(0);
  await readyStatus(account);
  await succeed(account, down);
  expect(resourceIds(account)).toEqual(before);
});

it(
  'goes on from another machine with what a run left that died, three minutes after its last sign of life',
  limit,
  async () => {
    const account = fleet();
    const dead = await cli(account, three, { killAfterMs: 5 * minute });
    expect(dead.code).toBe('killed');
    expect((await cli(account, three, other)).code).toBe(7);
    await account.clock.sleep(3 * minute);
    const { stdout } = await cli(account, `status${named}`, other);
    expect(stdout).toMatch(
      /! you@rehearsal \(pid 1\) began to work on it at \S+ and died: the next run goes on from there/,
    );
    const after = await succeed(account, three, other);
    expect(after.stderr).toMatch(
      /you@rehearsal \(pid 1\) gave no sign of life for \d minutes: watching for another 75 s/,
    );
    expect(await readyStatus(account, named)).toMatchObject({
      members: [{ name: 'one' }, { name: 'two' }, { name: 'three' }],
    });
  },
);

it('goes on at once on the machine where a run died', limit, async () => {
  const account = fleet();
  await cli(account, three, { killAfterMs: 5 * minute });
  const after = await succeed(account, three);
  expect(after.stderr).not.toContain('sign of life');
});

it('stops a run whose fleet another machine took over', limit, async () => {
  const account = fleet();
  const silent: Fault = { call: 'exec kubectl replace*', kind: 'fail', message: 'Unable to connect', times: 6 };
  const first = cli(account, three, { faults: [silent] });
  await untilHeld(account);
  await account.clock.sleep(4 * minute);
  const second = cli(account, three, other);
  const stopped = await first;
  expect(said(stopped)).toMatch(/^✖ you@other \(pid 2\) took fleet karmada over from this run\n/);
  expect(stopped.stderr).toContain('after this machine had given no sign of life for 3 minutes');
  expect(stopped.stderr).toContain('took fleet karmada over from this run: nothing new is started');
  expect(stopped.code).toBe(7);
  expect((await second).code).toBe(0);
  await readyStatus(account);
});

it.each<[string, RunOptions, number]>([
  ['fails', { faults: [{ call: 'exec eksctl create cluster*', kind: 'fail', times: -1 }] }, 4],
  ['is stopped by Ctrl-C', { drainAfterMs: minute }, 130],
])('gives the fleet back when a run %s', limit, async (_, options, code) => {
  const account = fleet();
  const ended = await cli(account, three, options);
  expect(ended.code).toBe(code);
  expect(changes(ended)).toContain('exec kubectl create karmada-parent Lease/karmada-eks');
  expect(leaseOf(account)).toBeUndefined();
});

it('takes nothing when there is nothing to do', async () => {
  const again = await succeed(fleet(), smallUp);
  expect(changes(again)).toEqual([]);
});

it('refuses to overwrite what somebody else wanted meanwhile, and keeps it when asked again', limit, async () => {
  const account = fleet();
  await succeed(account, three, other);
  const wish = `${smallUp} --allow 203.0.113.0/24`;
  // The first machine cannot read what the parent says now, and takes its own record for the newest.
  const blind: Fault = { call: 'exec kubectl get configmaps karmada-eks*', kind: 'fail' };
  const refused = await cli(account, wish, { faults: [blind] });
  expect(refused.code).toBe(4);
  expect(refused.stderr).toContain('fleet karmada was changed by somebody else while this run began');
  expect(refused.stderr).toContain('code: fleet-changed');
  expect(changes(refused)).toEqual([]);
  await succeed(account, wish);
  const { stdout } = await cli(account, 'status');
  expect(stdout).toContain('three is no longer asked for, but still a member');
});
