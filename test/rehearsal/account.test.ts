/** Accounts: ids that repeat, text and back, the list of all that exists. */
import { expect, it } from 'vitest';
import { defaultZones } from '../../src/rehearsal/account/arns.js';
import { neighbourOf, newAccount, restore, snapshot } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { eksctlCommands } from '../../src/tools/eksctl/commands.js';
import { addPlainCluster } from './plain-clusters.js';
import { resourceIds } from './resources.js';
import { config, region, rig, rigOn } from './rig.js';

it('gives the same ids for the same calls', () => {
  const ids = [1, 2].map(() => {
    const account = newAccount();
    addVpc(account, { region, name: 'main' });
    return resourceIds(account);
  });
  expect(ids[0]).toEqual(ids[1]);
});

it('goes on from a snapshot as from the account itself', async () => {
  const { run, vpc, account } = rig();
  expect((await run(eksctlCommands.createCluster(config(vpc)), { timeoutMs: 300_000 })).kind).toBe('timed-out');
  const copy = restore(snapshot(account));
  await copy.clock.sleep(20 * 60_000);
  await account.clock.sleep(20 * 60_000);
  await rigOn(copy).run(eksctlCommands.version());
  await run(eksctlCommands.version());
  expect(resourceIds(copy)).toEqual(resourceIds(account));
});

it('draws the same ids of fleets in the same run, others in any other, and leaves no trace of it', () => {
  const account = newAccount();
  const before = snapshot(account);
  const drawn = [connect(account), connect(account), connect(newAccount())].map(({ world }) => world.newId());
  expect(drawn[2]).toBe(drawn[0]);
  expect(drawn[1]).not.toBe(drawn[0]);
  const { newId } = connect(newAccount({ accountId: '444455556666' })).world;
  expect(new Set([...drawn, newId(), newId()]).size).toBe(4);
  expect(snapshot(account)).toBe(before);
});

it('has another account on the same machines, with the same time and clusters outside of AWS', async () => {
  const first = newAccount();
  addPlainCluster(first, { name: 'edge', server: 'https://203.0.113.50:6443' });
  const second = neighbourOf(first, '444455556666');
  await connect(first).world.files.write('/home/you/note', 'seen by both');
  expect(await connect(second).world.files.read('/home/you/note')).toBe('seen by both');
  await first.clock.sleep(60_000);
  expect(second.now()).toBe(first.now());
  expect(Object.keys(second.state.apis)).toEqual(['plain/edge']);
  expect(second.state.apis['plain/edge']).toBe(first.state.apis['plain/edge']);
  addVpc(second, { region, name: 'main' });
  expect([resourceIds(first), resourceIds(second).length > 0]).toEqual([[], true]);
});

it('names zone ids as AWS does and leaves out those that EKS denies', () => {
  expect(defaultZones('ap-southeast-1').map((zone) => zone.id)).toEqual(['apse1-az1', 'apse1-az2', 'apse1-az3']);
  expect(defaultZones('us-east-1').map((zone) => zone.id)).toEqual(['use1-az1', 'use1-az2', 'use1-az4']);
});
