/** What the events of the Service explain. */
import { expect, it } from 'vitest';
import { serviceWarnings } from '../../src/access/service-warnings.js';
import { makeClients } from '../../src/clients/clients.js';
import { newAccount } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';

const call = { signal: new AbortController().signal };
const service = { kind: 'Service', name: 'karmada-service-loadbalancer' };

async function told(events: readonly object[], code = 0): Promise<string | undefined> {
  const account = newAccount();
  const { world } = connect(account);
  const at = (minutesAgo: number): string => new Date(account.now() - minutesAgo * 60_000).toISOString();
  const items = events.map((given) => {
    const { ago = 0, ...event } = given as { ago?: number };
    return {
      kind: 'Event',
      metadata: { name: 'x' },
      type: 'Warning',
      involvedObject: service,
      lastTimestamp: at(ago),
      ...event,
    };
  });
  const exec: typeof world.exec = async () => ({
    kind: 'exited',
    code,
    stdout: JSON.stringify({ items }),
    stderr: 'no',
  });
  return await serviceWarnings(makeClients({ ...world, exec }), { kubeconfig: '/k', context: 'c' }, call);
}

it('is the newest Warning of each reason, the newest first', async () => {
  const failed = { reason: 'SyncLoadBalancerFailed' };
  const events = [
    { ...failed, message: 'first', ago: 9 },
    { reason: 'UnAvailableLoadBalancer', message: 'no nodes', ago: 5 },
    { ...failed, message: 'RulesPerSecurityGroupLimitExceeded:\n  the limit', ago: 1 },
    { reason: 'Other', message: 'third', ago: 8 },
  ];
  expect(await told(events)).toBe(
    'SyncLoadBalancerFailed: RulesPerSecurityGroupLimitExceeded: the limit; UnAvailableLoadBalancer: no nodes',
  );
});

it.each([
  ['that is over', { reason: 'UnAvailableLoadBalancer', message: 'x', ago: 16 }],
  ['that is no Warning', { reason: 'EnsuredLoadBalancer', message: 'x', type: 'Normal' }],
  ['of something else', { reason: 'Failed', message: 'x', involvedObject: { kind: 'Pod', name: service.name } }],
])('is nothing %s', async (_, event) => {
  expect(await told([event])).toBeUndefined();
});

it('is nothing when they cannot be read', async () => {
  expect(await told([], 1)).toBeUndefined();
});
