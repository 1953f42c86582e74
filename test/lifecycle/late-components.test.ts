/** A Karmada that is slow to come up, or never does, after init has ended with success. */
import { expect, it } from 'vitest';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { newMachine, readyStatus, smallUp, succeed } from './fleet.js';

it('is waited for: a webhook that is ready two minutes after init', async () => {
  const account = newMachine();
  account.state.conditions.push({ kind: 'component-slow', component: 'karmada-webhook', ms: 420_000, times: 1 });
  const { calls } = await succeed(account, smallUp);
  expect(calls.filter(({ key }) => key.startsWith('exec kubectl-karmada init'))).toHaveLength(1);
  await readyStatus(account);
});

it.runIf(triesMore)(
  'is given up after five minutes, and waited for again by the next run, not installed again',
  async () => {
    const account = newMachine();
    account.state.conditions.push({ kind: 'component-slow', component: 'karmada-webhook', ms: 1_200_000, times: 1 });
    const ended = await cli(account, smallUp);
    expect([ended.code, ended.stderr]).toEqual([
      expect.any(Number),
      expect.stringContaining('code: karmada-unhealthy'),
    ]);
    const again = await cli(account, smallUp);
    expect(again.calls.filter(({ key }) => key.startsWith('exec kubectl-karmada init'))).toEqual([]);
  },
);
