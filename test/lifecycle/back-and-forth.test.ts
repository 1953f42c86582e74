/** Fleets that change their mind: up after half a down, downById, a member more, other ranges; and fleets side by side. */
import { beforeAll, expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { resourceIds } from '../rehearsal/resources.js';
import { passAll, upTo } from './cases.js';
import { cli, type Ended } from './cli.js';
import {
  changes,
  down,
  downById,
  expectGone,
  fleetFolder,
  kubeconfigPath,
  newMachine,
  readyStatus,
  region,
  smallUp,
  succeed,
} from './fleet.js';

const before = resourceIds(newMachine());
let made: string;
let undisturbed: Ended;

beforeAll(async () => {
  const account = newMachine();
  await succeed(account, smallUp);
  made = snapshot(account);
  undisturbed = await succeed(fleet(), down);
});

function fleet(): Account {
  return restore(made);
}

it('comes back by up after down was killed at every event', { timeout: 900_000 }, async () => {
  await passAll('up after down was killed at event', 40, upTo(undisturbed.events.length), async (killAt) => {
    const account = fleet();
    expect((await cli(account, down, { killAt })).code).toBe('killed');
    await succeed(account, smallUp);
    await readyStatus(account);
    await succeed(account, down);
    expectGone(account, before);
  });
});

it('takes in one more member and leaves the others alone', async () => {
  const account = fleet();
  const more = await succeed(account, `${smallUp} --member name=three`);
  expect(changes(more).filter((key) => key.includes('eksctl'))).toEqual(['exec eksctl create cluster three']);
  const status = await readyStatus(account);
  expect(status).toMatchObject({ members: [{ name: 'one' }, { name: 'two' }, { name: 'three' }] });
  await succeed(account, down);
  expectGone(account, before);
});

it('leaves nothing of a member that is no longer in the configuration', async () => {
  const account = fleet();
  await succeed(account, `${smallUp} --member name=three`);
  const fewer = await succeed(account, smallUp);
  expect(changes(fewer).filter((key) => key.includes('eksctl'))).toEqual([]);
  await succeed(account, down);
  expectGone(account, before);
});

it('takes away a member that is no longer in the configuration also from another machine', async () => {
  const account = fleet();
  await succeed(account, `${smallUp} --member name=three`);
  await succeed(account, smallUp);
  for (const path of Object.keys(account.state.files)) {
    if (path.startsWith(fleetFolder)) delete account.state.files[path];
  }
  await succeed(account, `${downById(account)} --fleet karmada --region ${region}`);
  expectGone(account, before);
});

it('makes a kubeconfig for a user who had none, and leaves none behind', async () => {
  const account = newMachine();
  delete account.state.files[kubeconfigPath];
  await succeed(account, smallUp);
  expect(account.state.files[kubeconfigPath]).toContain('name: karmada-apiserver');
  await succeed(account, down);
  expect(account.state.files[kubeconfigPath]).toBeUndefined();
});

it('opens the API to others when told so, and changes nothing else', async () => {
  const account = fleet();
  const opened = await succeed(account, `${smallUp} --allow 203.0.113.0/24`);
  expect(
    opened.events.filter(({ type }) => type === 'step-done').map((event) => ('id' in event ? event.id : '')),
  ).toEqual(['record-fleet', 'expose-api']);
  expect(await readyStatus(account)).toMatchObject({
    controlPlane: { sourceRanges: ['198.51.100.1/32', '203.0.113.0/24'] },
  });
});

it('lives beside another fleet of the account, which its down leaves alone', async () => {
  const account = fleet();
  const alone = resourceIds(account);
  const other = `up --region ${region} --vpc main --fleet other --members 1 --yes`;
  expect((await succeed(account, other)).stdout).toContain('fleet other is up: 1 member\n');
  await readyStatus(account, ` --fleet other`);
  await succeed(account, 'down --fleet other --yes --confirm other');
  expect(resourceIds(account)).toEqual(alone);
  await readyStatus(account);
});
