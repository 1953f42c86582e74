/** Two machines that work on one fleet: one at a time, whoever dies is taken over, and nobody undoes what the other did. */
import { beforeAll, expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import type { Fault } from '../../src/rehearsal/faults.js';
import { said } from '../cli/output.js';
import { resourceIds } from '../rehearsal/resources.js';
import { triesMore } from './cases.js';
import { cli, type Ended, type RunOptions } from './cli.js';
import { changes, down, downById, newMachine, readyStatus, region, smallUp, succeed } from './fleet.js';

const limit = { timeout: 900_000 };
const minute = 60_000;
const named = ` --fleet karmada --region ${region}`;
const other: RunOptions = { host: 'other' };
const three = `${smallUp} --member name=three`;
/** What else changes a fleet. */
const others = (account: Account): readonly string[] => [
  three,
  `${downById(account)}${named}`,
  `unjoin one --yes${named}`,
  `join --member name=four --yes${named}`,
];
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

/** Without the times, which a verb's loading moves by a second or two. */
function untimed(text: string): string {
  return text.replace(/(at|since) \d{4}-\S+Z,/g, '$1 TIME,').replace(/\d+ s ago/g, 'N s ago');
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
  for (const words of others(account)) {
    const refused = await cli(account, words, other);
    expect(refused.code, words).toBe(7);
    expect(refused.stderr).toMatch(/✖ you@rehearsal \(pid 1\) is working on fleet karmada/);
    expect(refused.stderr).toMatch(/since 2026-11-22T\S+Z, last heartbeat \d+ s ago/);
    expect(refused.stderr).toContain('wait until it finishes, then run the same command again');
    expect(changes(refused).filter((key) => !key.includes('Lease/karmada-eks'))).toEqual([]);
  }
  const { stdout } = await cli(account, `status${named}`, other);
  expect(stdout).toMatch(/you@rehearsal \(pid 1\) has been working on it since 2026-11-22T/);
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
      /! you@rehearsal \(pid 1\) started working on it at \S+ and died; the next run resumes from there/,
    );
    const after = await succeed(account, three, other);
    expect(after.stderr).toMatch(
      /you@rehearsal \(pid 1\) sent no heartbeat for \d minutes; watching for another 4 minutes/,
    );
    expect(await readyStatus(account, named)).toMatchObject({
      members: [{ name: 'one' }, { name: 'two' }, { name: 'three' }],
    });
  },
);

it('continues at once on the machine where a run died', limit, async () => {
  const account = fleet();
  await cli(account, three, { killAfterMs: 5 * minute });
  const after = await succeed(account, three);
  expect(after.stderr).not.toContain('sign of life');
});

it(
  'stops a run that slept while another machine took its fleet over: its programs end, and nothing is begun',
  limit,
  async () => {
    const account = fleet();
    const began = account.now();
    const first = cli(account, `${down}${named}`, { sleep: { afterMs: minute, forMs: 10 * minute } });
    await account.clock.sleep(5 * minute);
    const second = cli(account, `${downById(account)}${named}`, other);
    const stopped = await first;
    const wokeAt = began + 11 * minute;
    expect(untimed(said(stopped))).toMatchInlineSnapshot(`
      "✖ you@other (pid 2) took fleet karmada over from this run
        why:  at TIME, after this run (you@rehearsal (pid 1)) had sent no heartbeat for 3 minutes
        next: wait until it finishes, then run the same command again; it continues from where it stopped
        code: fleet-locked
      exit 7"
    `);
    expect(stopped.code).toBe(7);
    expect(stopped.stderr).toContain(
      'took fleet karmada over from this run: no new steps are started, and running steps are aborted',
    );
    expect(stopped.commands.filter(({ from }) => from >= wokeAt - minute)).toEqual([]);
    const running = stopped.commands.filter(({ to }) => to >= wokeAt - minute);
    expect(running.map(({ key }) => key)).toMatchInlineSnapshot(`
      [
        "exec eksctl delete cluster one",
        "exec eksctl delete cluster two",
      ]
    `);
    for (const { to } of running) expect(to).toBeLessThan(wokeAt + 30_000);
    expect((await second).code).toBe(0);
  },
);

it('continues after a sleep in which nobody took the fleet over', limit, async () => {
  const account = fleet();
  const ended = await cli(account, three, { sleep: { afterMs: minute, forMs: 30 * minute } });
  expect(ended.code).toBe(0);
  expect(ended.stderr).not.toContain('took fleet');
});

it(
  'stops a run whose parent takes no sign of life for three minutes, before another machine goes on',
  limit,
  async () => {
    const account = fleet();
    const silent: Fault = { call: 'exec kubectl replace*', kind: 'fail', message: 'Unable to connect', times: -1 };
    const stopped = await cli(account, three, { faults: [silent] });
    expect(untimed(said(stopped))).toMatchInlineSnapshot(`
      "✖ this run could not renew its lease on fleet karmada
        why:  karmada-parent accepted no heartbeat for 3 minutes, after which another machine may take over the fleet
        next: check that the cluster can be reached, then run the same command again; it continues from where it stopped
        code: fleet-locked
      exit 7"
    `);
    expect(stopped.code).toBe(7);
    await succeed(account, three, other);
    await readyStatus(account);
  },
);

it(
  'stops a run that slept while another with the same data folder took its lock: its programs end, and nothing is begun',
  limit,
  async () => {
    const account = newMachine();
    const began = account.now();
    const first = cli(account, smallUp, { sleep: { afterMs: minute, forMs: 10 * minute } });
    await account.clock.sleep(2 * minute);
    // The folder of the first machine is where the second one works, too.
    const shared = { ...other, dataDir: '/home/you/.local/share/karmada-eks' };
    const second = cli(account, smallUp, shared);
    const stopped = await first;
    expect(untimed(said(stopped))).toMatchInlineSnapshot(`
      "✖ you@other (pid 2) took this fleet over from this run
        why:  this run was unresponsive for more than 30 s, e.g. because the machine was asleep, and no longer holds /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/lock
        next: wait until it finishes, then run the same command again; it continues from where it stopped
        code: fleet-locked
      exit 7"
    `);
    expect(stopped.code).toBe(7);
    expect(stopped.commands.filter(({ from }) => from >= began + 11 * minute)).toEqual([]);
    await second;
  },
);

it('refuses a change by a copied installation while a run lasts, and names both machines', limit, async () => {
  const account = fleet();
  const path = '.local/share/karmada-eks/installation';
  account.state.files[`/home/you@other/${path}`] = account.state.files[`/home/you/${path}`] ?? '';
  const first = cli(account, `join --member name=four --yes${named}`);
  await untilHeld(account);
  await account.clock.sleep(5 * minute);
  const refused = await cli(account, `${downById(account)}${named}`, other);
  expect(untimed(said(refused))).toMatchInlineSnapshot(`
    "✖ you@rehearsal (pid 1) is working on fleet karmada
      why:  since TIME, last heartbeat N s ago (Lease kube-system/karmada-eks in karmada-parent); this run is you@other (pid 2): another machine with the same data folder, copied or shared
      next: 1. wait until it finishes, then run the same command again
            2. if it has died, run the same command 3 minutes after its last heartbeat to take over
      code: fleet-locked
    exit 7"
  `);
  expect(refused.code).toBe(7);
  expect(changes(refused).filter((key) => !key.includes('Lease/karmada-eks'))).toEqual([]);
  expect((await first).code).toBe(0);
});

it.runIf(triesMore)(
  'two homes on one machine are two installations: a run that lives is refused, one that died is watched',
  limit,
  async () => {
    const account = fleet();
    const second: RunOptions = { dataDir: '/home/you/second' };
    const first = cli(account, `join --member name=four --yes${named}`);
    await untilHeld(account);
    const refused = await cli(account, `${downById(account)}${named}`, second);
    expect(refused.code).toBe(7);
    expect(refused.stderr).toContain('you@rehearsal (pid 1) is working on fleet karmada');
    expect((await first).code).toBe(0);
    await cli(account, `join --member name=five --yes${named}`, { killAfterMs: 5 * minute });
    await account.clock.sleep(4 * minute);
    const after = await succeed(account, `unjoin one --yes${named}`, second);
    expect(after.stderr).toContain('sent no heartbeat for');
  },
);

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
  await succeed(account, `${three} --change-fleet`, other);
  const spec = `${smallUp} --allow 203.0.113.0/24`;
  // The first machine cannot read what the parent says now, and takes its own record for the newest.
  const blind: Fault = { call: 'exec kubectl get configmaps karmada-eks*', kind: 'fail' };
  const refused = await cli(account, spec, { faults: [blind] });
  expect(refused.code).toBe(4);
  expect(refused.stderr).toContain('fleet karmada was changed by somebody else while this run was starting');
  expect(refused.stderr).toContain('code: fleet-changed');
  expect(changes(refused)).toEqual([]);
  await succeed(account, spec);
  const { stdout } = await cli(account, 'status');
  expect(stdout).toContain('three is no longer in the configuration but is still a member');
});
