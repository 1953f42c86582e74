/** What is asked and told about private endpoints on machines that do not reach them. */
import { expect, it } from 'vitest';
import { putIntoVpc } from '../../src/rehearsal/account/machines.js';
import type { Account } from '../../src/rehearsal/account.js';
import { triesMore } from './cases.js';
import { newMachine, region, smallUp, succeed } from './fleet.js';

const host = 'rehearsal';
const up = `${smallUp} --private-endpoints`;

/** On a machine in the VPC. */
function inside(): Account {
  const account = newMachine();
  const vpc = account.region(region).vpcs[0] ?? expect.unreachable('no VPC');
  putIntoVpc(account, host, region, vpc);
  return account;
}

function leave(account: Account): void {
  account.state.machines = {};
}

/** The policy without the fleet's id, which differs from plan to plan. */
async function policy(account: Account, words = up): Promise<string> {
  const { stdout } = await succeed(account, `${words.replace('up', 'plan').replace(' --yes', '')} --iam-policy`);
  return stdout.replaceAll(/\b[0-9a-f]{12}\b(?<!\d{12})/g, 'ID');
}

it('the policy is the same wherever it is printed', async () => {
  expect(await policy(newMachine())).toBe(await policy(inside()));
  expect(await policy(newMachine(), `${smallUp} --allow 10.0.0.0/8`)).toBe(await policy(newMachine(), smallUp));
});

it.runIf(triesMore)(
  'the policy for a fleet that is there is printed from outside, with what may have to be done in it',
  async () => {
    const account = inside();
    await succeed(account, up);
    leave(account);
    expect(await policy(account)).toContain('eks:');
  },
);
