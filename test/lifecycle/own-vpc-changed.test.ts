/** What up does to the VPC of a running fleet whose stack somebody else changed, or began to delete. */
import { expect, it } from 'vitest';
import { findStack } from '../../src/rehearsal/account/stacks.js';
import { triesMore } from './cases.js';
import { cli, isChange } from './cli.js';
import { down, newMachine, region, succeed } from './fleet.js';

const name = 'karmada-eks-karmada-vpc';
const limit = { timeout: 120_000 };

it.runIf(triesMore)('deletes nothing of it, and goes on where it is complete', limit, async () => {
  const account = newMachine();
  await succeed(account, `up --region ${region} --create-vpc --yes --members 0`);
  const stack = findStack(account, region, name) ?? expect.unreachable('no stack');
  for (const status of ['UPDATE_ROLLBACK_FAILED', 'UPDATE_FAILED', 'UPDATE_IN_PROGRESS', 'DELETE_FAILED']) {
    stack.status = status;
    for (const command of ['up --yes', 'plan', 'join --member name=one --yes']) {
      const ended = await cli(account, `${command} --region ${region}`);
      expect(ended.stderr, command).toContain(`stack ${name} is ${status}`);
      expect(
        ended.calls.filter(({ key }) => isChange(key)),
        command,
      ).toEqual([]);
    }
  }
  for (const status of ['IMPORT_COMPLETE', 'IMPORT_ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE']) {
    stack.status = status;
    expect((await succeed(account, `up --region ${region} --yes`)).stdout).toContain('up to date');
  }
  await succeed(account, down);
});
