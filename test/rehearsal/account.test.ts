/** Accounts: ids that repeat, text and back, the list of all that exists. */
import { expect, it } from 'vitest';
import { newAccount, restore, snapshot } from '../../src/rehearsal/account.js';
import { resourceIds } from '../../src/rehearsal/resources.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { defaultZones } from '../../src/rehearsal/zones.js';
import { eksctlCommands } from '../../src/tools/eksctl/commands.js';
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

it('names zone ids as AWS does and leaves out those that EKS denies', () => {
  expect(defaultZones('ap-southeast-1').map((zone) => zone.id)).toEqual(['apse1-az1', 'apse1-az2', 'apse1-az3']);
  expect(defaultZones('us-east-1').map((zone) => zone.id)).toEqual(['use1-az1', 'use1-az2', 'use1-az4']);
});
