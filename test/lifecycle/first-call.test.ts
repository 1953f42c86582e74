/** eksctl that cannot ask AWS who is calling has made nothing: it is asked once more, and only once. */
import { expect, it } from 'vitest';
import { cli } from './cli.js';
import { newMachine, readyStatus, smallUp } from './fleet.js';

const message = '2026-11-22 12:00:01 [✖]  checking AWS STS access – cannot get role ARN for current session';
const fault = { call: 'exec eksctl create cluster*karmada-parent*', kind: 'fail', message } as const;

it('is run again', async () => {
  const account = newMachine();
  const { code, stderr } = await cli(account, smallUp, { faults: [{ ...fault, times: 1 }] });
  expect(stderr).toContain('run again');
  expect(code).toBe(0);
  await readyStatus(account);
});

it('ends the run when it fails again', async () => {
  const { code, stderr, calls } = await cli(newMachine(), smallUp, { faults: [{ ...fault, times: -1 }] });
  expect(code).toBe(4);
  expect(stderr).toContain('checking AWS STS access');
  expect(calls.filter(({ key }) => key.includes('create cluster') && key.includes('karmada-parent'))).toHaveLength(2);
});
