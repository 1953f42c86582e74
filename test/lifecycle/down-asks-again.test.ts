/** `down` asks a Karmada again that failed to answer while its parts are being replaced. */
import { expect, it } from 'vitest';
import { cli } from './cli.js';
import { down, newMachine, smallUp, succeed } from './fleet.js';

it('reads the members again after one read of them failed', async () => {
  const account = newMachine();
  await succeed(account, smallUp);
  const message = 'error: the server doesn\'t have a resource type "clusters"';
  const ended = await cli(account, down, {
    faults: [{ call: 'exec kubectl get clusters.cluster.karmada.io one *', kind: 'fail', message }],
  });
  expect(ended.stderr).not.toContain('must be fixed first');
  expect(ended.code).toBe(0);
});
