/** A permissions boundary: on every role that a fleet makes, whichever command makes it, and refused before anything is made. */
import { expect, it } from 'vitest';
import { partsOf } from '../../src/rehearsal/account/role-parts.js';
import type { Account } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { cli } from './cli.js';
import { newMachine, region, succeed } from './fleet.js';

const up = `up --region ${region} --vpc main --yes --member name=one`;
const boundary = 'arn:aws:iam::111122223333:policy/boundary';

/** Of each role that is not in `before`. */
function boundaries({ state }: Account, before: readonly string[] = []): readonly (string | undefined)[] {
  const made = state.roles.filter((role) => !before.includes(role));
  return made.map((role) => partsOf(state, role).boundary);
}

it('is on the roles of control planes, nodes, vpc-cni and driver, and on those of a member that joins later', async () => {
  const account = newMachine();
  await succeed(account, `${up} --permissions-boundary ${boundary}`);
  expect(boundaries(account)).toEqual(Array.from({ length: 7 }, () => boundary));
  await succeed(account, 'join --yes --member name=late');
  expect(boundaries(account)).toEqual(Array.from({ length: 10 }, () => boundary));
});

it('is on the role that a parent gets that existed before', async () => {
  const account = newMachine();
  const vpcId = account.region(region).vpcs[0]?.id ?? '';
  const subnetIds = account.region(region).subnets.flatMap((each) => (each.vpcId === vpcId ? [each.id] : []));
  addExistingCluster(account, { region, name: 'karmada-parent', vpcId, subnetIds });
  const before = [...account.state.roles];
  await succeed(account, `${up} --use-existing --permissions-boundary ${boundary}`);
  expect(boundaries(account, before)).toEqual(Array.from({ length: 4 }, () => boundary));
});

it('is on the roles of parts that a run completes', async () => {
  const account = newMachine();
  account.state.conditions.push({ kind: 'node-group-fails', cluster: 'one', reason: 'no capacity', times: 1 });
  await cli(account, `${up} --permissions-boundary ${boundary}`);
  await succeed(account, `${up} --permissions-boundary ${boundary}`);
  expect(new Set(boundaries(account))).toEqual(new Set([boundary]));
});

it.each([
  ['arn:aws:iam::111122223333:policy/missing', 'there is no such policy'],
  ['arn:aws:iam::999999999999:policy/boundary', 'it is not of account 111122223333, in which the roles are'],
  ['arn:aws-cn:iam::111122223333:policy/boundary', 'it is not of account 111122223333, in which the roles are'],
])('is refused when it is %s', async (arn, why) => {
  const account = newMachine();
  const refused = await cli(account, `${up} --permissions-boundary ${arn}`);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(why)]);
  expect(account.region(region).clusters).toEqual({});
  expect((await cli(account, `doctor --region ${region} --vpc main --permissions-boundary ${arn}`)).stdout).toContain(
    why,
  );
});
