/** Karmada is not installed while targets of its load balancer are new: its installer calls it once. */
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import { cli } from './cli.js';
import { newMachine, region, smallUp, succeed } from './fleet.js';

/** An account in which everything is there but Karmada, and each target was registered so many ms from now. */
async function beforeInit(inMs: number): Promise<Account> {
  const account = newMachine();
  const failed = await cli(account, smallUp, { faults: [{ call: 'exec kubectl-karmada init*', kind: 'fail' }] });
  expect(failed.code).not.toBe(0);
  const since = account.now() + inMs;
  for (const group of account.region(region).targetGroups ?? [])
    group.targets = group.targets?.map((target) => ({ ...target, since })) ?? [];
  return account;
}

it('init waits for the first health checks of all of them', async () => {
  const account = await beforeInit(0);
  const began = account.now();
  const made = await succeed(account, smallUp);
  const init = made.calls.find(({ key }) => key.startsWith('exec kubectl-karmada init'));
  expect((init?.at ?? 0) - began).toBeGreaterThanOrEqual(60_000);
  const told = made.events.flatMap((event) => (event.type === 'step-progress' ? event.line : []));
  expect(told).toContain('waiting for the first health checks of the load balancer');
});

it('for ten minutes, and then nothing is installed', async () => {
  const account = await beforeInit(3_600_000);
  const ended = await cli(account, smallUp);
  expect(ended.code).not.toBe(0);
  expect(ended.stderr).toMatch(/has no checked targets after 10 minutes: (i-\w+ initial(, )?){3}/);
  expect(ended.calls.filter(({ key }) => key.startsWith('exec kubectl-karmada init'))).toEqual([]);
});

it('a role that may not ask for their health goes on without', async () => {
  const account = newMachine();
  const message = 'AccessDenied: not authorized to perform: elasticloadbalancing:DescribeTargetHealth';
  const fault = {
    call: 'aws *:DescribeTargetHealth *',
    kind: 'fail',
    code: 'AccessDenied',
    message,
    times: -1,
  } as const;
  const { stdout, stderr } = await succeed(account, smallUp, { faults: [fault] });
  expect(stdout + stderr).toContain('DescribeTargetHealth is denied; going on without');
});

it('they are healthy once an API server listens', async () => {
  const account = await beforeInit(0);
  const { world } = connect(account);
  const states = async (): Promise<readonly (string | undefined)[]> => {
    const [{ arn: TargetGroupArn } = { arn: '' }] =
      account.region(region).targetGroups?.filter(({ targets }) => targets) ?? [];
    const answer = await world.aws.elbv2(region).send(new DescribeTargetHealthCommand({ TargetGroupArn }));
    return [...new Set(answer.TargetHealthDescriptions?.map(({ TargetHealth }) => TargetHealth?.State))];
  };
  expect(await states()).toEqual(['initial']);
  await succeed(account, smallUp);
  expect(await states()).toEqual(['healthy']);
});
