/** `plan --detailed-exitcode` tells scripts whether `up` would change anything. */
import { expect, it } from 'vitest';
import { cli } from '../../lifecycle/cli.js';
import { newMachine, region, succeed } from '../../lifecycle/fleet.js';

const fleet = `--region ${region} --vpc main --members 1`;
const plan = `plan ${fleet} --detailed-exitcode`;

it('is 9 while there is something to do and 0 afterwards, in every form of output', async () => {
  const account = newMachine();
  for (const form of ['', ' -o json', ' --iam-policy', ' --json']) {
    expect(await cli(account, plan + form, { alone: true })).toMatchObject({ code: 9 });
  }
  expect(await cli(account, `plan ${fleet}`, { alone: true })).toMatchObject({ code: 0 });
  await succeed(account, `up ${fleet} --yes`);
  const after = await cli(account, plan, { alone: true });
  expect(after).toMatchObject({ code: 0, stdout: 'fleet karmada: nothing to do\n' });
  expect(await cli(account, `${plan} -o json`, { alone: true })).toMatchObject({ code: 0 });
});

it('is 0 for a difference that up would only show, and 9 for the same with --reconcile', async () => {
  const account = newMachine();
  await succeed(account, `up ${fleet} --yes`);
  for (const { nodeGroups } of Object.values(account.state.regions[region]?.clusters ?? {}))
    for (const group of Object.values(nodeGroups)) group.size = 4;
  const drifted = await cli(account, plan, { alone: true });
  expect(drifted.stderr).toContain('drift: karmada-parent has 4 nodes, 3 requested');
  expect(drifted.code).toBe(0);
  expect(await cli(account, `${plan} --reconcile`, { alone: true })).toMatchObject({ code: 9 });
});

it('is still 2 for a mistyped flag, and 3 for what stands in the way', async () => {
  const account = newMachine();
  expect(await cli(account, `${plan} --nods 4`, { alone: true })).toMatchObject({ code: 2 });
  expect(await cli(account, `plan --region ${region} --vpc none --detailed-exitcode`, { alone: true })).toMatchObject({
    code: 3,
  });
});
