/** Whole lives: three clusters side by side, on compressed time too, and all gone again. */
import { expect, it } from 'vitest';
import { newAccount } from '../../src/rehearsal/account.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { eksctlCommands } from '../../src/tools/eksctl/commands.js';
import { resourceIds } from './resources.js';
import { config, exited, region, rigOn } from './rig.js';

const names = ['parent', 'one', 'two'];

it.each<[string, { speed?: number }]>([
  ['virtual time', {}],
  ['compressed time', { speed: 20_000 }],
])('makes three clusters in the time of one and takes them away, on %s', async (_what, options) => {
  const account = newAccount(options);
  const vpc = addVpc(account, { region, name: 'main' });
  const before = resourceIds(account);
  const { run } = rigOn(account);
  const start = account.now();
  const made = await Promise.all(names.map((name) => run(eksctlCommands.createCluster(config(vpc, name)))));
  expect(made.map((result) => exited(result).code)).toEqual([0, 0, 0]);
  // Compressed time runs on while a busy machine computes.
  if (options.speed === undefined) expect((account.now() - start) / 60_000).toBeLessThan(40);
  const gone = await Promise.all(names.map((name) => run(eksctlCommands.deleteCluster({ name, region }))));
  expect(gone.map((result) => exited(result).code)).toEqual([0, 0, 0]);
  expect(resourceIds(account)).toEqual(before);
});

it('does the same things at the same moments in two runs', async () => {
  const logs = await Promise.all(
    [1, 2].map(async () => {
      const account = newAccount();
      const vpc = addVpc(account, { region, name: 'main' });
      const { run } = rigOn(account);
      const made = await Promise.all(names.map((name) => run(eksctlCommands.createCluster(config(vpc, name)))));
      return made.map((result) => exited(result).stdout);
    }),
  );
  expect(logs[0]).toEqual(logs[1]);
});
