/** `up` killed (kill -9) at every event: the next `up` ends what was begun, and `down` leaves nothing. */
import { expect, it } from 'vitest';
import { resourceIds } from '../../src/rehearsal/resources.js';
import { passAll, upTo } from './cases.js';
import { cli } from './cli.js';
import { down, expectGone, newMachine, readyStatus, smallUp, succeed } from './fleet.js';

it('goes on after a kill at every event', { timeout: 600_000 }, async () => {
  const undisturbed = await succeed(newMachine(), smallUp);
  await passAll('kill at every event of up, event', upTo(undisturbed.events.length), async (event) => {
    const account = newMachine();
    const before = resourceIds(account);
    const killed = await cli(account, smallUp, { killAt: event });
    expect(killed.code).toBe('killed');
    await succeed(account, smallUp);
    await readyStatus(account);
    await succeed(account, down);
    expectGone(account, before);
  });
});
