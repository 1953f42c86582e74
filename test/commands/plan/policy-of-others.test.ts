/** The policy of both sides is printed before the other account can be asked: it is what makes that possible. */
import { describe, expect, it } from 'vitest';
import { type IamPolicy, mostCharacters } from '../../../src/iam/iam-policy.js';
import { addTrustedRole, regionKey } from '../../../src/rehearsal/account/other-accounts.js';
import type { Account } from '../../../src/rehearsal/account.js';
import { addExistingCluster } from '../../../src/rehearsal/existing-clusters.js';
import { addVpc } from '../../../src/rehearsal/vpcs.js';
import { cli, type RunOptions } from '../../lifecycle/cli.js';
import { changes, newMachine, region } from '../../lifecycle/fleet.js';

const other = '444455556666';
const key = regionKey(other, region);
const role = `arn:aws:iam::${other}:role/fleets`;
const made = `name=shop,vpc=theirs,account=${other},role=fleets`;
const existing = `name=shop,cluster=shop,existing=true,account=${other},role=fleets`;

interface Printed {
  readonly policy: IamPolicy;
  readonly accounts: readonly {
    readonly account: string;
    readonly role: string;
    readonly policy: IamPolicy;
    readonly documents: readonly IamPolicy[];
    readonly trust: object;
    readonly stillPossible: readonly string[];
  }[];
}

function withTheirs(account: Account): Account {
  addVpc(account, { region: key, name: 'theirs' });
  const { vpc, privateSubnets } = addVpc(account, { region: key, name: 'vpc-of-shop' });
  const subnetIds = privateSubnets.slice(0, 2).map(({ id }) => id);
  addExistingCluster(account, { region: key, name: 'shop', vpcId: vpc.id, subnetIds });
  return account;
}

async function printed(account: Account, member: string, options?: RunOptions) {
  const words = `plan --region ${region} --vpc main --member name=one --member ${member} --iam-policy --json`;
  const ended = await cli(account, words, options);
  expect([ended.code, ended.stderr, changes(ended)]).toEqual([0, expect.anything(), []]);
  const line = ended.stdout.split('\n').find((each) => each.includes('"iam-policy"')) ?? '{}';
  return { ...(JSON.parse(line) as Printed), stderr: ended.stderr };
}

/** Ids of fleets differ from plan to plan. */
function withoutIds(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll(/\b[0-9a-f]{12}\b(?<!\d{12})/g, 'ID'));
}

const asked = 'could not be asked';

describe.each([
  ['is created', made, newMachine],
  ['exists', existing, () => withTheirs(newMachine())],
])('of a cluster that %s', (_, member, machine) => {
  it('is the same before the role can be assumed and after it', async () => {
    const trusted = machine();
    addVpc(trusted, { region: key, name: 'theirs' });
    addTrustedRole(trusted, { account: other, role: 'fleets' });
    const before = await printed(machine(), member);
    const after = await printed(trusted, member);
    expect(before.stderr).toContain(`1 account ${asked} (${other})`);
    expect(after.stderr).not.toContain(asked);
    expect(withoutIds([before.policy, before.accounts])).toEqual(withoutIds([after.policy, after.accounts]));
  });
});

it('is ours with the role to assume, and theirs with whom to trust', async () => {
  const { policy, accounts, stderr } = await printed(newMachine(), `${made},externalId=e-1`);
  expect(policy.Statement.find(({ Sid }) => Sid === 'OtherAccounts')).toMatchObject({
    Action: ['sts:AssumeRole'],
    Resource: [role],
  });
  expect(accounts).toMatchObject([{ account: other, role }]);
  const sizes = accounts[0]?.documents.map((each) => JSON.stringify(each).length) ?? [];
  expect(sizes.length).toBeGreaterThan(0);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(mostCharacters);
  expect(accounts[0]?.trust).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111122223333:user/you' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': 'e-1' } },
      },
    ],
  });
  expect(stderr).toContain(`in account ${other}, role ${role} needs`);
  expect(stderr).toContain(`role ${role} has to trust this identity: ${JSON.stringify(accounts[0]?.trust)}`);
});

it.each([
  [['x1', 'x2'], { StringEquals: { 'sts:ExternalId': ['x1', 'x2'] } }],
  [['x1', undefined], undefined],
])('asks of members with one role for the external IDs %j as %j', async (ids, condition) => {
  const members = ids.map((id, index) => {
    const given = id === undefined ? '' : `,externalId=${id}`;
    return `name=shop${index},vpc=theirs,account=${other},role=fleets${given}`;
  });
  const { accounts } = await printed(newMachine(), members.join(' --member '));
  const [{ trust = {} } = {}, ...more] = accounts;
  expect(more).toEqual([]);
  expect(JSON.parse(JSON.stringify(trust))).toMatchObject({ Statement: [{ Action: 'sts:AssumeRole' }] });
  expect((trust as { Statement: { Condition?: object }[] }).Statement[0]?.Condition).toEqual(condition);
});

it('tells the people of that account what its holder can still do there', async () => {
  const { accounts, stderr } = await printed(newMachine(), made);
  const note = stderr.split('\n').find((line) => line.includes(`role ${role} needs`));
  expect(accounts[0]?.stillPossible.length).toBeGreaterThan(0);
  expect(note).toContain(`(who holds this policy can still ${accounts[0]?.stillPossible.join('; ')})`);
});

it('is printed where the role can be assumed, but may read nothing', async () => {
  const account = newMachine();
  addTrustedRole(account, { account: other, role: 'fleets' });
  const call = `aws ec2:DescribeVpcs ${key}`;
  const { accounts, stderr } = await printed(account, made, {
    faults: [{ call, kind: 'fail', times: -1, code: 'UnauthorizedOperation', message: 'no' }],
  });
  expect(stderr).toContain(asked);
  expect(accounts[0]?.policy.Statement.some(({ Sid }) => Sid === 'NewClusters')).toBe(true);
});

it('is not printed where the fleet’s own account denies it, or something else is wrong', async () => {
  const words = `plan --region ${region} --vpc main --member ${made} --iam-policy`;
  const denied = await cli(newMachine(), words, {
    faults: [{ call: `aws ec2:DescribeVpcs ${region}`, kind: 'fail', times: -1, code: 'UnauthorizedOperation' }],
  });
  expect([denied.code, denied.stdout]).toEqual([3, '']);
  const own = await cli(newMachine(), words.replace(other, '111122223333'));
  expect([own.code, own.stdout]).toEqual([expect.any(Number), '']);
  expect(own.code).not.toBe(0);
  expect(own.stderr).toContain('which is the fleet’s own');
});

it('leaves a plan without --iam-policy refused, with what the role lacks', async () => {
  const ended = await cli(newMachine(), `plan --region ${region} --vpc main --member ${made}`);
  expect([ended.code, ended.stderr]).toEqual([3, expect.stringContaining('code: role-refused')]);
});
