/** Names that CloudFormation would not take are refused before the first change. */
import { expect, it } from 'vitest';
import { said } from '../cli/output.js';
import { cli } from '../lifecycle/cli.js';
import { newMachine, region, succeed } from '../lifecycle/fleet.js';

const admin = '--admin arn:aws:iam::111122223333:role/ops';
const plan = (length: number) => `plan --region ${region} --vpc main --member name=one,cluster=${'a'.repeat(length)}`;

it('a cluster name that is too long for the stack of an administrator is refused, and one that fits is not', async () => {
  const refused = await cli(newMachine(), `${plan(77)} ${admin}`, { alone: true });
  expect(refused.code).not.toBe(0);
  expect(said(refused)).toContain('has 77 characters, and with --admin a new one may have 76');
  await succeed(newMachine(), `${plan(76)} ${admin}`, { alone: true });
  await succeed(newMachine(), plan(100), { alone: true });
});
