/** A machine that never saw the fleet, or lost what it knew: the tags in AWS and the description in the parent are enough. */
import { expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { resourceIds } from '../rehearsal/resources.js';
import { cli } from './cli.js';
import {
  changes,
  downById,
  expectGone,
  fleetFolder,
  newMachine,
  readyStatus,
  region,
  smallUp,
  succeed,
} from './fleet.js';
import { smallFleet } from './small-fleet.js';

const named = ` --fleet karmada --region ${region}`;
const before = resourceIds(newMachine());
const fleet = smallFleet();

/** The fleet without its folder on this machine. */
function forgotten(): Account {
  const account = fleet();
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

it('reports what is missing when it is not told which fleet', async () => {
  const { code, stderr } = await cli(forgotten(), 'status');
  expect(code).toBe(2);
  expect(stderr).toContain('--region');
});

it('divides nginx', async () => {
  expect((await succeed(forgotten(), `demo${named}`)).stdout).toContain('nginx is divided 4/8');
});

it('takes the fleet away', async () => {
  const account = forgotten();
  await succeed(account, `${downById(account)}${named}`);
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
  await succeed(account, `${downById(account)}${named}`);
  expectGone(account, before);
});

it('finds clusters by tags alone whose names no member can have, and takes them away', async () => {
  const account = newMachine();
  const members = ['name=a,cluster=parent', 'name=b,cluster=Prod_EU', 'name=c,region=eu-west-1,cluster=Prod_EU'];
  const clusters = [...members, 'name=d,region=eu-west-1,cluster=karmada-parent'].map((each) => ` --member ${each}`);
  await cli(account, `up --region ${region} --vpc main --yes${clusters.join('')}`, { killAfterMs: 8 * 60_000 });
  for (const path of Object.keys(account.state.files)) {
    if (path.startsWith(fleetFolder)) delete account.state.files[path];
  }
  const { code, stdout } = await cli(account, `status -o json${named}`);
  const { members: found } = JSON.parse(stdout) as { members: { name: string }[] };
  expect(code).toBe(8);
  expect(found.map(({ name }) => name.replace(/[0-9a-f]{8}$/, '…')).sort()).toEqual([
    'karmada-parent-…',
    'parent-…',
    'prod-eu-…',
    'prod-eu-…',
  ]);
  await succeed(account, `${downById(account)}${named}`);
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
  await succeed(account, `${downById(account)}${named}`);
  expectGone(account, before);
});
