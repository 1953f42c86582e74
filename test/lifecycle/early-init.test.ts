/** Karmada is installed as soon as the parent can run it, not when everything that eksctl waits for is there. */
import { expect, it } from 'vitest';
import { cli, type Ended } from './cli.js';
import { newMachine, readyStatus, smallUp, succeed } from './fleet.js';

function momentOf({ events }: Ended, type: 'step-started' | 'step-done', wanted: string): number {
  const found = events.find((event) => event.type === type && event.id === wanted);
  return found?.at ?? expect.unreachable(`${wanted} has no ${type}`);
}

it('begins while eksctl still waits for the add-on that it makes by itself', async () => {
  const ended = await succeed(newMachine(), smallUp);
  const begun = momentOf(ended, 'step-started', 'init-karmada');
  expect(momentOf(ended, 'step-done', 'create-cluster/parent') - begun).toBeGreaterThan(30_000);
  expect(begun).toBeGreaterThanOrEqual(momentOf(ended, 'step-done', 'nodes/parent'));
});

it('does not begin without nodes, and a second up continues', async () => {
  const account = newMachine();
  account.state.conditions.push({
    kind: 'node-group-fails',
    cluster: 'karmada-parent',
    reason: 'no capacity',
    times: 1,
  });
  const failed = await cli(account, smallUp);
  expect(failed.events.filter((event) => 'id' in event && event.id === 'init-karmada')).toEqual([]);
  await succeed(account, smallUp);
  await readyStatus(account);
});
