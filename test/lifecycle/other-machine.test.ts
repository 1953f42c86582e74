/** A machine that never saw the fleet, or lost what it knew: the tags in AWS and the description in the parent are enough. */
import { beforeAll, expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { resourceIds } from '../../src/rehearsal/resources.js';
import { cli } from './cli.js';
import { changes, down, expectGone, fleetFolder, newMachine, readyStatus, region, smallUp, succeed } from './fleet.js';

const named = ` --fleet karmada --region ${region}`;
const before = resourceIds(newMachine());
let made: string;

beforeAll(async () => {
  const account = newMachine();
  await succeed(account, smallUp);
  made = snapshot(account);
});

/** The fleet without its folder on this machine. */
function forgotten(): Account {
  const account = restore(made);
  for (const path of Object.keys(account.state.files)) {
    if (path.startsWith(fleetFolder)) delete account.state.files[path];
  }
  return account;
}

it('shows the fleet', async () => {
  expect(await readyStatus(forgotten(), named)).toMatchObject({
    members: [
      { name: 'one', mode: 'push', ready: true },
      { name: 'two', mode: 'pull', ready: true },
    ],
  });
});

it('says what is missing when it is not told which fleet', async () => {
  const { code, stderr } = await cli(forgotten(), 'status');
  expect(code).toBe(2);
  expect(stderr).toContain('--region');
});

it('divides nginx', async () => {
  expect((await succeed(forgotten(), `demo${named}`)).stdout).toContain('nginx is divided 4/8');
});

it('takes the fleet away', async () => {
  const account = forgotten();
  await succeed(account, `${down}${named}`);
  expectGone(account, before);
});

it('finds nothing to make in AWS when up is said again', async () => {
  const account = forgotten();
  const again = await succeed(account, smallUp);
  expect(changes(again)).toEqual([
    'exec kubectl create karmada-parent Lease/karmada-eks',
    'exec kubectl delete karmada-parent DeleteOptions',
  ]);
  await readyStatus(account);
});

it('takes away what was half made, by tags alone', async () => {
  const account = newMachine();
  await cli(account, smallUp, { killAfterMs: 8 * 60_000 });
  for (const path of Object.keys(account.state.files)) {
    if (path.startsWith(fleetFolder)) delete account.state.files[path];
  }
  await succeed(account, `${down}${named}`);
  expectGone(account, before);
});

it('finds what failed control planes left, by the tags of their stacks, in all regions of the fleet', async () => {
  const account = newMachine();
  for (const cluster of ['karmada-parent', 'one', 'two']) {
    account.state.conditions.push({ kind: 'control-plane-fails', cluster, reason: 'no capacity', times: 1 });
  }
  expect((await cli(account, smallUp)).code).toBe(4);
  for (const path of Object.keys(account.state.files)) {
    if (path.startsWith(fleetFolder)) delete account.state.files[path];
  }
  expect(resourceIds(account)).not.toEqual(before);
  await succeed(account, `${down}${named}`);
  expectGone(account, before);
});
