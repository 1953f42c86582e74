/** An add-on that turns unhealthy while its cluster is being created is left, and `up` goes on without waiting for it. */
import { expect, it } from 'vitest';
import { cli } from './cli.js';
import { newMachine, region, smallUp, succeed } from './fleet.js';

it('does not wait for an add-on that turned DEGRADED after up was killed', async () => {
  const account = newMachine();
  expect((await cli(account, smallUp, { killAfterMs: 1_148_000 })).code).toBe('killed');
  const addon = account.state.regions[region]?.clusters['karmada-parent']?.addons['coredns'];
  expect(addon?.status).toBe('ACTIVE');
  Object.assign(addon ?? {}, {
    status: 'DEGRADED',
    issues: [{ code: 'ConfigurationConflict', message: 'somebody changed it' }],
  });
  const began = account.now();
  await succeed(account, smallUp);
  expect((account.now() - began) / 60_000).toBeLessThan(60);
});
