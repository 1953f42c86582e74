/** `down` on a machine that never saw the fleet: its name alone, which is often the default, does not say which fleet is meant. */
import { expect, it } from 'vitest';
import { said } from '../cli/output.js';
import { cli } from './cli.js';
import { changes, down, fleetId, region, succeed } from './fleet.js';
import { smallFleet } from './small-fleet.js';

const fleet = smallFleet();
const named = `${down} --fleet karmada --region ${region}`;

it('wants the id of a fleet that this machine has no record of, where no prompt is possible', async () => {
  const account = fleet();
  const refused = await cli(account, named, { host: 'other' });
  expect(said(refused).replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, 'DATE')).toMatchInlineSnapshot(`
    "✖ this machine has no record of fleet karmada; nothing was deleted
      why:  it was created by you@rehearsal on DATE, last changed by you@rehearsal on DATE
      next: if this is the fleet you mean, add its id: --fleet-id c9280fde4ed6.111122223333.us-west-2
      code: consent-missing
    exit 3"
  `);
  expect(changes(refused)).toEqual([]);
  await succeed(account, `${named} --fleet-id ${fleetId(account)}`, { host: 'other' });
  expect(account.region(region).clusters['karmada-parent']).toBeUndefined();
});

it('needs no id on the machine that made the fleet', async () => {
  const account = fleet();
  await succeed(account, named);
  expect(account.region(region).clusters['karmada-parent']).toBeUndefined();
});
