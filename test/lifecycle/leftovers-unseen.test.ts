/** Leftovers where much is not known: on a machine that never saw the fleet, and for an identity that may not look everywhere. */
import { expect, it } from 'vitest';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { said } from '../cli/output.js';
import { resourceIds } from '../rehearsal/resources.js';
import { cli } from './cli.js';
import { changes, down, fleetFolder, newMachine, region, succeed } from './fleet.js';
import { goneFleet, told } from './leftover-fleet.js';
import { type PlainKind, plant } from './leftover-things.js';

const kinds = Object.keys(plant) as PlainKind[];
const remove = `${down} --remove-leftovers`;
const id = `0a1b2c3d4e5f.111122223333.${region}`;
const tags = { 'karmada-eks/fleet': id };

it('lists them by the fleet’s id on a machine that never saw the fleet, removes none, and of a fleet that nobody knows says so', async () => {
  const account = newMachine();
  const named = ` --fleet karmada --region ${region} --fleet-id ${id}`;
  const clean = await cli(account, `${remove}${named}`);
  expect([clean.code, clean.stderr]).toEqual([3, expect.stringContaining('code: fleet-not-found')]);
  const tagged = kinds.filter((kind) => kind !== 'log group' && kind !== 'CloudFormation stack');
  for (const kind of tagged) plant[kind](account, { cluster: 'one', tags });
  const listed = await cli(account, `${down} --json${named}`);
  expect(listed.code).toBe(5);
  expect(
    told(listed)
      .leftovers.map(({ kind }) => kind)
      .sort(),
  ).toEqual([...tagged].sort());
  expect(told(listed).leftovers.map(({ evidence }) => evidence)).toEqual(
    tagged.map(() => 'perhaps this fleet (tag only)'),
  );
  const there = resourceIds(account);
  const tried = await cli(account, `${remove}${named}`);
  expect(tried.code).toBe(5);
  expect(resourceIds(account)).toEqual(there);
});

it('looks past what costs nothing and may not be looked for, and reports it', async () => {
  const account = await goneFleet();
  const deny = { kind: 'fail' as const, code: 'AccessDenied', message: 'not allowed', times: -1 };
  const faults = [{ call: 'aws iam:ListRoles *', ...deny }];
  const done = await succeed(account, down, { faults });
  expect(done.stderr).toContain('warning: could not search for leftovers: IAM roles: listing IAM roles failed');
  const blind = await goneFleet();
  const refused = await cli(blind, down, { faults: [{ call: 'aws ec2:DescribeVolumes *', ...deny }] });
  expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('code: access-denied')]);
  expect(Object.keys(blind.state.files)).toContain(`${fleetFolder}/fleet.json`);
});

it('leaves them while a parent stands that may use them', async () => {
  const account = newMachine();
  const here = account.region(region);
  const subnetIds = here.subnets.map(({ id }) => id);
  addExistingCluster(account, { region, name: 'karmada-parent', vpcId: here.vpcs[0]?.id ?? '', subnetIds });
  plant.volume(account, { cluster: 'karmada-parent', tags });
  const there = resourceIds(account);
  const ended = await cli(account, `${remove} --fleet karmada --region ${region} --fleet-id ${id}`);
  expect([ended.code, ended.stderr]).toEqual([3, expect.stringContaining('code: fleet-not-found')]);
  expect(resourceIds(account)).toEqual(there);
});

it('tells where the id of a fleet is found of which neither a record nor a cluster nor a stack is left', async () => {
  const account = newMachine();
  plant.volume(account, { cluster: 'one', tags: { 'karmada-eks/fleet': `0123456789ab.111122223333.${region}` } });
  const ended = await cli(account, `${down} --fleet karmada --region ${region}`);
  expect(changes(ended)).toEqual([]);
  expect(said(ended)).toMatchInlineSnapshot(`
    "✖ no fleet karmada in us-west-2
      why:  this machine has no record of it, and no EKS cluster or stack has the tags of a fleet of this name
      next: 1. set another fleet or region: --fleet, --region
            2. or create it: karmada-eks up --fleet karmada --region us-west-2
            3. or select the leftovers by the fleet’s id, the value of the tag karmada-eks/fleet: --fleet-id ID
            4. find the tag: aws resourcegroupstaggingapi get-resources --region us-west-2 --tag-filters Key=karmada-eks/fleet
      code: fleet-not-found
    exit 3"
  `);
});
