/** Accounts as companies have them: `up` comes up and stays so, or is refused before its first change, with what to do. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ExitCode } from '../../src/errors/exit-codes.js';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import type { Fault } from '../../src/rehearsal/faults.js';
import { upsert } from '../../src/rehearsal/kube/api-server/store.js';
import { addNat, addRouteTable, addSubnet, addVpc, type MadeVpc } from '../../src/rehearsal/vpcs.js';
import { triesMore } from '../lifecycle/cases.js';
import { cli, type Ended, isChange } from '../lifecycle/cli.js';
import { otherRegion, region } from '../lifecycle/fleet.js';
import { runs } from './runs.js';

/** What the network of the parent's region is like. */
interface Place {
  readonly variant: 'full' | 'two-azs' | 'no-nat' | 'no-auto-assign';
  /** Of each public and each private subnet, which take them in turn. */
  readonly free: { readonly public: readonly number[]; readonly private: readonly number[] };
  /** Where the default route of private subnets leads. */
  readonly way: 'nat' | 'tgw' | 'pcx' | 'blackhole';
  readonly shared: boolean;
  readonly ipv6: boolean;
}

interface Scene {
  readonly place: Place;
  readonly members: readonly { readonly mode: 'push' | 'pull'; readonly far: boolean }[];
  readonly flags: string;
  readonly quota: readonly [code: string, value: number] | undefined;
  /** An action of AWS that a service control policy denies, as the program itself calls it. */
  readonly denied: string | undefined;
  /** A parent that is there already, of some kind. */
  readonly parent: keyof typeof parents | undefined;
  /** The public address of this machine; undefined: one that proves nothing. */
  readonly from: string | undefined;
}

const csiDriver = 'ebs.csi.aws.com';

/** What there may be of a cluster of the parent’s name. */
const parents = {
  plain: () => {},
  'driver of its own': (account) => {
    upsert(parentOf(account), 'csidrivers', { metadata: { name: csiDriver } }, account.now());
  },
  'class that will do': (account) => putClass(account, { type: 'gp2', encrypted: 'true' }),
  'class that will not do': (account) => putClass(account, { type: 'gp2' }),
  'in Auto Mode': (account) => Object.assign(clusterOf(account), { autoMode: true }),
  'of IPv6': (account) => Object.assign(clusterOf(account), { ipFamily: 'ipv6' }),
  'with aws-auth alone': (account) => Object.assign(clusterOf(account), { authenticationMode: 'CONFIG_MAP' }),
  'being created': (account) => Object.assign(clusterOf(account), { status: 'CREATING' }),
} satisfies Record<string, (account: Account) => unknown>;

/** Of these the rehearsal has nothing that would go wrong later: that they are refused is all there is to see. */
const unusable: readonly (string | undefined)[] = ['class that will not do', 'in Auto Mode', 'of IPv6'];

function putClass(account: Account, parameters: object): void {
  const found = { provisioner: csiDriver, parameters, volumeBindingMode: 'WaitForFirstConsumer' };
  upsert(parentOf(account), 'storageclasses', { metadata: { name: 'ebs-sc' }, ...found }, account.now());
}

function parentOf(account: Account) {
  return account.state.apis[`eks/${region}/karmada-parent`] ?? expect.unreachable('no parent');
}

function clusterOf(account: Account) {
  return account.region(region).clusters['karmada-parent'] ?? expect.unreachable('no parent');
}

const sometimes = <T>(value: fc.Arbitrary<T>, weight = 2): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

/** From /28 to /20, some of them nearly full. */
const free = fc.array(
  fc.oneof({ weight: 4, arbitrary: fc.constantFrom(4091, 251, 123) }, { weight: 1, arbitrary: fc.nat(70) }),
  {
    minLength: 1,
    maxLength: 3,
  },
);

/** What eksctl and kubectl-karmada call is not among them: only they learn of that, and `told` is about it. */
const actions = [
  'servicequotas:GetServiceQuota',
  'servicequotas:GetAWSDefaultServiceQuota',
  'iam:GetAccountSummary',
  'iam:ListOpenIDConnectProviders',
  'sts:GetCallerIdentity',
  'ec2:DescribeInstanceTypes',
  'ec2:DescribeInstances',
  'ec2:DescribeSubnets',
  'ec2:DescribeNatGateways',
  'ec2:DescribeVpcs',
  'eks:ListClusters',
  'eks:DescribeCluster',
  'eks:DescribeClusterVersions',
  'elbv2:DescribeLoadBalancers',
  'ec2:GetEbsDefaultKmsKeyId',
  'ec2:DescribeVpcAttribute',
  'ec2:DescribeRouteTables',
  'ec2:DescribeAvailabilityZones',
  'ec2:DescribeInstanceTypeOfferings',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroupRules',
  'eks:ListNodegroups',
  'eks:DescribeNodegroup',
  'eks:DescribeAddon',
  'elbv2:DescribeTargetGroups',
  'elbv2:DescribeTargetHealth',
  'cloudformation:DescribeStacks',
] as const;

const scenes: fc.Arbitrary<Scene> = fc.record({
  place: fc.record({
    variant: fc.constantFrom('full', 'full', 'full', 'two-azs', 'no-nat', 'no-auto-assign'),
    free: fc.record({ public: free, private: free }),
    way: fc.constantFrom('nat', 'nat', 'nat', 'tgw', 'pcx', 'blackhole'),
    shared: fc.boolean(),
    ipv6: fc.boolean(),
  }),
  members: fc.array(fc.record({ mode: fc.constantFrom('push', 'pull'), far: fc.boolean() }), { maxLength: 2 }),
  flags: fc.constantFrom('', ' --internal', ' --allow 203.0.113.0/24', ` --zones ${region}a,${region}b`),
  quota: sometimes(
    fc.constantFrom(['L-1216C47A', 12], ['L-1194D53C', 1], ['L-69A177A2', 0], ['L-858F3967', 1], ['L-FE177D64', 4]),
    4,
  ),
  denied: sometimes(fc.constantFrom(...actions), 2),
  parent: sometimes(fc.constantFrom(...(Object.keys(parents) as (keyof typeof parents)[])), 4),
  from: sometimes(fc.constantFrom('1.2.3.4', '203.0.113.9'), 3),
});

function build({ place, quota, parent }: Scene): Account {
  const account = newAccount();
  const ownerId = place.shared ? { ownerId: '999988887777' } : {};
  const made = addVpc(account, { region, name: 'main', variant: place.variant, ...ownerId });
  for (const kind of ['public', 'private'] as const)
    for (const [index, subnet] of made[`${kind}Subnets`].entries())
      subnet.freeAddresses = place.free[kind][index % place.free[kind].length] ?? 251;
  lead(account, made, place.way);
  if (place.ipv6) addIpv6(account, made);
  addVpc(account, { region: otherRegion, name: 'main' });
  if (parent !== undefined) {
    const subnetIds = [...made.privateSubnets, ...made.publicSubnets].map(({ id }) => id);
    addExistingCluster(account, { region, name: 'karmada-parent', vpcId: made.vpc.id, subnetIds });
    parents[parent](account);
  }
  if (quota !== undefined) account.state.quotas = { [quota[0]]: quota[1] };
  return account;
}

function lead(account: Account, { privateTable }: MadeVpc, way: Place['way']): void {
  const route = privateTable.routes.find(({ destination }) => destination === '0.0.0.0/0');
  if (route === undefined) return;
  if (way === 'blackhole') route.state = 'blackhole';
  else if (way !== 'nat') route.target = account.id(way);
}

/** All subnets have IPv6 beside IPv4, with ways out of its own; and one has it alone, which no node of an IPv4 cluster can use. */
function addIpv6(account: Account, { vpc, publicSubnets, privateTable }: MadeVpc): void {
  const [host] = publicSubnets;
  for (const table of account.region(region).routeTables) {
    const target = account.id(table === privateTable ? 'eigw' : 'igw');
    table.routes.push({ destination: '::/0', target, state: 'active' });
  }
  if (host === undefined) return;
  const only = addSubnet(account, region, vpc, { zone: host.zone, third: 200, ipv6Native: true, freeAddresses: 0 });
  addRouteTable(account, region, vpc.id, { subnetIds: [only.id], defaultTarget: addNat(account, region, host) });
}

function wordsOf({ members, flags, parent }: Scene): string {
  const words = members.map(
    ({ mode, far }, index) => ` --member name=m${index},mode=${mode}${far ? `,region=${otherRegion}` : ''}`,
  );
  return `--region ${region} --vpc main${words.length === 0 ? ' --members 0' : words.join('')}${flags}${parent === undefined ? '' : ' --use-existing'}`;
}

/** Every error has something to do, and nothing was changed. */
function expectRefused({ code, calls, stderr }: Ended): void {
  expect(code, stderr).toBe(ExitCode.refused);
  expect(calls.filter(({ key }) => isChange(key))).toEqual([]);
  const told = stderr.slice(stderr.indexOf('✖'));
  expect(told, 'what to do').toContain('next:');
}

function denial(action: string): Fault {
  return { call: `aws ${action}*`, kind: 'fail', code: 'AccessDeniedException', times: -1 };
}

it.runIf(triesMore)('each single action that up calls may be denied: it is known before the first change', async () => {
  const words = `--region ${region} --vpc main --member name=one --member name=two,mode=pull,region=${otherRegion}`;
  const { calls } = await cli(twoRegions(), `up --yes ${words}`, { alone: true });
  const called = calls.flatMap(({ key }) => (key.startsWith('aws ') ? [key.split(' ')[1] ?? ''] : []));
  expect([...new Set(called)].filter((action) => actions.every((known) => known !== action))).toEqual([]);
  for (const action of new Set(called)) {
    const up = await cli(twoRegions(), `up --yes ${words}`, { alone: true, faults: [denial(action)] });
    if (up.code !== ExitCode.ok) expectRefused(up);
  }
});

function twoRegions(): Account {
  const account = newAccount();
  for (const each of [region, otherRegion]) addVpc(account, { region: each, name: 'main' });
  return account;
}

/** What a service control policy says to whoever calls what it denies (IAM User Guide, access denied error messages). */
const words = (action: string): string =>
  `User: arn:aws:sts::111122223333:assumed-role/ops/you is not authorized to perform: ${action} with an explicit deny in a service control policy`;

it.runIf(triesMore).each([
  ['exec eksctl create cluster karmada-parent', 'cloudformation:CreateStack'],
  ['exec eksctl create cluster one', 'iam:CreateRole'],
  ['exec kubectl-karmada init*', 'sts:AssumeRole'],
])(
  'an action that only %s calls, %s, is told with what AWS says, and all is well once it may',
  async (call, action) => {
    const account = twoRegions();
    const up = `up --yes --region ${region} --vpc main --member name=one`;
    const fault: Fault = { call, kind: 'fail', message: words(action), times: -1 };
    const failed = await cli(account, up, { alone: true, faults: [fault] });
    expect(failed.code, failed.stderr).toBe(ExitCode.failed);
    expect(failed.stderr.slice(failed.stderr.indexOf('✖')).replaceAll(/\s+/g, ' ')).toContain(words(action));
    expect((await cli(account, up, { alone: true })).code).toBe(ExitCode.ok);
    expect(JSON.parse((await cli(account, 'status -o json', { alone: true })).stdout)).toMatchObject({ ready: true });
  },
);

it('an account is refused before the first change with what to do, or the fleet comes up and is left alone', async () => {
  const outcomes = { up: 0, refused: 0 };
  const property = fc.asyncProperty(scenes, async (scene) => {
    const account = build(scene);
    const { denied, from } = scene;
    const machine = { alone: true, ...(from === undefined ? {} : { publicAddress: from }) };
    const options = { ...machine, faults: denied === undefined ? [] : [denial(denied)] };
    const words = wordsOf(scene);
    const plan = await cli(account, `plan ${words}`, options);
    const up = await cli(account, `up --yes ${words}`, options);
    expect(up.code, `plan ended with ${plan.code}`).toBe(plan.code);
    if (unusable.includes(scene.parent)) expect(up.code, `a parent ${scene.parent}`).toBe(ExitCode.refused);
    if (up.code !== ExitCode.ok) {
      outcomes.refused += 1;
      expectRefused(plan);
      expectRefused(up);
      return;
    }
    outcomes.up += 1;
    const status = await cli(account, 'status -o json', machine);
    expect(JSON.parse(status.stdout)).toMatchObject({ ready: true });
    const again = await cli(account, `up --yes ${words}`, options);
    expect([again.code, again.stdout], again.stderr).toEqual([0, expect.stringContaining('nothing to do')]);
  });
  await fc.assert(property, runs(60));
  expect(Math.min(outcomes.up, outcomes.refused)).toBeGreaterThan(0);
});
