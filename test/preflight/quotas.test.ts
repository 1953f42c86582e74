/** `up` and `plan` refuse what the account has no room for, before the first change. */
import { expect, it } from 'vitest';
import type { Fault } from '../../src/rehearsal/faults.js';
import { said } from '../cli/output.js';
import { cli, isChange } from '../lifecycle/cli.js';
import { newMachine, smallUp, succeed } from '../lifecycle/fleet.js';

const plan = smallUp.replace('up', 'plan').replace(' --yes', '');
/** Without things of somebody else, which count too. */
const alone = { alone: true };

it('is refused with every number and request, and nothing was changed', async () => {
  const account = newMachine();
  account.state.quotas = { 'L-1216C47A': 5, 'L-FE177D64': 9 };
  const ended = await cli(account, smallUp, alone);
  expect(ended.code).toBe(3);
  expect(ended.calls.filter(({ key }) => isChange(key))).toEqual([]);
  expect(said(ended)).toMatchInlineSnapshot(`
    "✖ 2 problems must be fixed first; nothing was changed
      1. the quota of vCPUs of On-Demand Standard instances in us-west-2 is too low: 0 of 5 vCPUs of On-Demand Standard instances are in use; needed: 18 more (quota-too-low)
         why:  quota L-1216C47A of ec2
         next: request an increase: \`aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-1216C47A --desired-value 18 --region us-west-2\`
      2. the quota of IAM roles in us-east-1 is too low: 0 of 9 IAM roles are in use; needed: 10 more (quota-too-low)
         why:  quota L-FE177D64 of iam
         next: request an increase: \`aws service-quotas request-service-quota-increase --service-code iam --quota-code L-FE177D64 --desired-value 10 --region us-east-1\`
      code: plan-refused
    exit 3"
  `);
});

it('is counted for Spot Instances apart, and with the largest of several types', async () => {
  const account = newMachine();
  account.state.quotas = { 'L-34B43A08': 20 };
  const ended = await cli(account, `${plan} --spot --instance-type m5.large --instance-type m5.xlarge`, alone);
  expect([ended.code, said(ended)]).toEqual([
    3,
    expect.stringContaining('0 of 20 vCPUs of Spot Standard instances are in use; needed: 24 more'),
  ]);
  account.state.quotas = { 'L-34B43A08': 24, 'L-1216C47A': 12 };
  await succeed(account, `${plan} --spot --instance-type m5.large,m5.xlarge`, alone);
});

it('is counted for what is not there yet only', async () => {
  const account = newMachine();
  await cli(account, smallUp, { killAt: 60, ...alone });
  account.state.quotas = { 'L-1194D53C': 3 };
  await succeed(account, plan, alone);
  const fourth = await cli(account, `${plan} --member name=three`, alone);
  expect([fourth.code, said(fourth)]).toEqual([
    3,
    expect.stringContaining('3 of 3 EKS clusters are in use; needed: 1 more'),
  ]);
});

it('is no reason to refuse where it may not be read', async () => {
  const account = newMachine();
  account.state.quotas = { 'L-1216C47A': 5, 'L-FE177D64': 9 };
  const denied = (call: string): Fault => ({ call, kind: 'fail', code: 'AccessDeniedException', times: -1 });
  const faults = [denied('aws servicequotas:*'), denied('aws iam:GetAccountSummary*')];
  await succeed(account, plan, { faults, ...alone });
});
