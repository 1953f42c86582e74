/** The policy of a plan: it allows what the runs call, names this fleet's things only, and no more than the plan needs. */
import { expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import type { IamPolicy } from '../../src/steps/iam-policy.js';
import { down, newMachine, region, smallUp, succeed } from '../lifecycle/fleet.js';
import { goneFleet } from '../lifecycle/leftover-fleet.js';
import { plantAll } from '../lifecycle/leftover-things.js';

async function policyOf(account: Account, words = smallUp): Promise<IamPolicy> {
  const plan = `${words.replace('up', 'plan').replace(' --yes', '')} --iam-policy`;
  return JSON.parse((await succeed(account, plan)).stdout) as IamPolicy;
}

const allActions = ({ Statement }: IamPolicy): readonly string[] => Statement.flatMap(({ Action }) => Action);

function allows(policy: IamPolicy, action: string): boolean {
  return allActions(policy).some((each) =>
    each.endsWith('*') ? action.startsWith(each.slice(0, -1)) : each === action,
  );
}

/** The actions of all calls that the product itself makes; GetCallerIdentity needs no permission. */
function actionsOf(keys: readonly string[]): readonly string[] {
  const services: Readonly<Record<string, string>> = { elbv2: 'elasticloadbalancing' };
  const actions = keys.flatMap((key) => {
    const [, service = '', operation = ''] = /^aws (\w+):(\w+)/.exec(key) ?? [];
    return service === '' || service === 'sts' ? [] : `${services[service] ?? service}:${operation}`;
  });
  return [...new Set(actions)].sort();
}

it('allows every call to AWS that up, status, demo and down make', async () => {
  const account = newMachine();
  const policy = await policyOf(account);
  const keys: string[] = [];
  for (const words of [smallUp, 'status', 'demo', down]) {
    keys.push(...(await succeed(account, words)).calls.map(({ key }) => key));
  }
  const actions = actionsOf(keys);
  expect(actions.length).toBeGreaterThan(15);
  expect(actions.filter((action) => !allows(policy, action))).toEqual([]);
});

it('allows every call that the removal of leftovers makes', async () => {
  const policy = await policyOf(newMachine());
  const account = await goneFleet();
  plantAll(account);
  const { calls } = await succeed(account, `${down} --remove-leftovers`);
  const actions = actionsOf(calls.map(({ key }) => key));
  expect(actions.filter((action) => /:(Delete|Remove|Detach)/.test(action)).length).toBeGreaterThan(10);
  expect(actions.filter((action) => !allows(policy, action))).toEqual([]);
});

it('confines the removal of leftovers to the tags of the fleet and of its clusters', async () => {
  const { Statement } = await policyOf(newMachine());
  const left = Statement.filter(({ Sid }) => Sid.startsWith('Left') && Sid !== 'LeftInstanceProfiles');
  const confined = left.map(
    ({ Condition, Resource }) => Object.entries(Condition?.['StringEquals'] ?? {})[0] ?? Resource,
  );
  const owned = ['karmada-parent', 'one', 'two'].map((name) => [
    `aws:ResourceTag/kubernetes.io/cluster/${name}`,
    ['owned'],
  ]);
  expect(confined).toEqual([
    ['aws:ResourceTag/karmada-eks/fleet', [`karmada.${region}`]],
    ...owned,
    ['aws:ResourceTag/cluster.k8s.amazonaws.com/name', ['karmada-parent', 'one', 'two']],
    ['karmada-parent', 'one', 'two'].map(
      (name) => `arn:aws:logs:${region}:111122223333:log-group:/aws/eks/${name}/cluster:*`,
    ),
  ]);
});

it('confines changes to the fleet’s clusters, stacks and roles', async () => {
  const { Statement } = await policyOf(newMachine());
  const bySid = new Map(Statement.map(({ Sid, Resource }) => [Sid, Resource]));
  expect(bySid.get('Stacks')).toEqual(
    ['karmada-parent', 'one', 'two'].map(
      (name) => `arn:aws:cloudformation:${region}:111122223333:stack/eksctl-${name}-*/*`,
    ),
  );
  expect(bySid.get('Roles')).toContain('arn:aws:iam::111122223333:role/eksctl-karmada-parent-*');
  expect(bySid.get('Clusters')).toContain(`arn:aws:eks:${region}:111122223333:cluster/one`);
  // A statement for all resources either reads, or says in which region or for which service.
  for (const { Sid, Resource, Condition } of Statement) {
    if (Resource === '*' && Sid !== 'Look') expect(Condition, Sid).toBeDefined();
  }
});

it('leaves room for a role whose name CloudFormation cuts', async () => {
  const name = 'a-member-with-a-name-of-forty-eight-characters-x';
  const { Statement } = await policyOf(newMachine(), `up --region ${region} --vpc main --yes --member name=${name}`);
  const roles = Statement.find(({ Sid }) => Sid === 'Roles')?.Resource;
  expect(roles).toContain(`arn:aws:iam::111122223333:role/${`eksctl-${name}`.slice(0, 30)}*`);
});

it('allows reads only when nothing is left to do', async () => {
  const account = newMachine();
  await succeed(account, smallUp);
  const { Statement } = await policyOf(account);
  expect(Statement.map(({ Sid }) => Sid)).toEqual(['Look']);
});

it('allows the list of regions to be changed on the parent when the fleet changes', async () => {
  const account = newMachine();
  await succeed(account, smallUp);
  const policy = await policyOf(account, `${smallUp} --member name=far,region=eu-west-1`);
  expect(policy.Statement.find(({ Sid }) => Sid === 'RegionsTag')).toMatchObject({
    Action: ['eks:TagResource'],
    Resource: `arn:aws:eks:${region}:111122223333:cluster/karmada-parent`,
  });
  expect(
    (await succeed(account, `${smallUp} --member name=far,region=eu-west-1`)).calls.map(({ key }) => key),
  ).toContain(`aws eks:TagResource ${region}`);
});
