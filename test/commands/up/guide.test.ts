/** The questions of a guided run: which are asked, what they show, and what becomes of the answers. */
import { expect, it } from 'vitest';
import { makeClients } from '../../../src/clients/clients.js';
import { stoppableAsk } from '../../../src/commands/questions/stoppable-ask.js';
import { answered } from '../../../src/commands/up/guide.js';
import { sameCommand } from '../../../src/commands/up/same-command.js';
import type { FleetRequest } from '../../../src/fleet/schema.js';
import type { Account } from '../../../src/rehearsal/account.js';
import { addExistingCluster } from '../../../src/rehearsal/existing-clusters.js';
import { connect } from '../../../src/rehearsal/machine/connect.js';
import { addVpc } from '../../../src/rehearsal/vpcs.js';
import { newMachine, otherRegion, region } from '../../lifecycle/fleet.js';
import { esc, type Line, type ScriptedAsk, scriptedAsk } from './scripted-ask.js';

const size: readonly Line[] = [
  ['Name of the fleet', ''],
  ['Nodes per cluster', ''],
  ['Instance type', 'm5.large'],
];
const alike: readonly Line[] = [
  ['Members', 'identical'],
  ['Number of members', ''],
  ['Join mode', 'push'],
];
const own: Line = ['Who may reach', 'this machine'];
const go: Line = ['Are these answers right', 'yes'];
const firstRun: readonly Line[] = [['Region', region], ['VPC', 'main'], ...size, ...alike, own];

interface Options {
  readonly account?: Account;
  readonly given?: FleetRequest;
  readonly record?: FleetRequest;
}

interface Guided {
  readonly request: FleetRequest;
  readonly notes: readonly string[];
  readonly ask: ScriptedAsk;
}

/** Goes through the script; all of it must have been asked for. */
async function guided(lines: readonly Line[], options: Options = {}): Promise<Guided> {
  const { account = newMachine(), given = {}, record } = options;
  const ask = scriptedAsk(...lines);
  const notes: string[] = [];
  const clients = makeClients(connect(account).world);
  const note = (text: string): void => void notes.push(text);
  const inquiry = {
    ask,
    clients,
    note,
    suggested: {},
    read: <V>(_: string, look: () => Promise<V>) => look(),
    leftRegions: new Set<string>(),
    vpcNames: new Map<string, string>(),
  };
  const request = await answered({ inquiry, given, recorded: async () => record }, given);
  expect(ask.left).toEqual([]);
  return { request, notes, ask };
}

function vpcId(account: Account, where: string, index = 0): string {
  return account.region(where).vpcs[index]?.id ?? expect.unreachable(`no VPC ${index} in ${where}`);
}

it('asks for everything in order, with a default for all but the VPC', async () => {
  const account = newMachine();
  const { request, ask } = await guided([...firstRun, go], { account });
  expect(request).toEqual({
    region,
    vpc: vpcId(account, region),
    fleet: 'karmada',
    nodes: 3,
    instanceType: 'm5.large',
    members: 2,
    allow: [],
    internal: false,
  });
  expect(ask.shown.get('Are these answers right')?.map(({ name }) => name)).toEqual([
    'yes: show the plan',
    'change region: us-west-2',
    `change VPC: main (${vpcId(account, region)})`,
    'change fleet: karmada',
    'change nodes: 3 per cluster',
    'change instance type: m5.large, $0.096 per hour each',
    'change members: 2 identical, push',
    'change Karmada API: for this machine and pull members',
    'change EKS endpoints: reachable by anyone with credentials',
    'change failover: as it is (off in a new fleet)',
    'change advanced settings: none',
    'cancel',
  ]);
});

it('does not ask for what was given', async () => {
  const given = { region, fleet: 'shop', nodes: 4, instanceType: 'm5.xlarge', members: 0, allow: ['192.0.2.0/24'] };
  const { request } = await guided([['VPC', 'main'], go], { given });
  expect(request).toMatchObject(given);
});

it('shows every VPC, with what is wrong with those that will not do', async () => {
  const account = newMachine();
  addVpc(account, { region, name: 'narrow', variant: 'one-az' });
  const dark = addVpc(account, { region, name: 'dark' });
  dark.vpc.dnsHostnames = false;
  const { ask } = await guided([...firstRun, go], { account });
  const vpcs = ask.shown.get('VPC of the parent')?.map(({ name, disabled }) => ({ name, disabled }));
  expect(vpcs).toEqual([
    {
      name: `main (${vpcId(account, region)}, 10.0.0.0/16): 3 usable public and 3 usable private subnets in us-west-2a, us-west-2b, us-west-2c`,
      disabled: undefined,
    },
    {
      name: `narrow (${vpcId(account, region, 1)}, 10.1.0.0/16)`,
      disabled: 'cannot be used: its subnets are in too few zones: public in 1 zone, private with outbound access in 1',
    },
    {
      name: `dark (${vpcId(account, region, 2)}, 10.2.0.0/16)`,
      disabled: 'cannot be used: enableDnsHostnames is disabled; EKS nodes need it',
    },
    {
      name: 'create one: 10.64.0.0/16, subnets in three zones, a NAT gateway at 0.045 USD per hour plus traffic',
      disabled: undefined,
    },
    { name: 'choose another region', disabled: undefined },
  ]);
});

it('takes a VPC that is to be made, and one that is there again when that is changed', async () => {
  const account = newMachine();
  const { request } = await guided([['Region', region], ['VPC', 'create one'], ...firstRun.slice(2), go], { account });
  expect([request.vpc, request.createVpc]).toEqual([undefined, '10.64.0.0/16']);
  const change: Line[] = [['Are these answers right', 'change VPC'], ['VPC', 'main'], go];
  const other = await guided([['Region', region], ['VPC', 'create one'], ...firstRun.slice(2), ...change], { account });
  expect([other.request.vpc, other.request.createVpc]).toEqual([vpcId(account, region), undefined]);
});

it('leads from a region without VPCs to another one', async () => {
  const lines: Line[] = [
    ['Region', 'other'],
    ['Name of the region', 'eu-west-2'],
    ['VPC', 'choose another region'],
    ['Region', otherRegion],
    ['VPC', 'main'],
  ];
  const { request, notes } = await guided([...lines, ...size, ...alike, own, go]);
  expect(request).toMatchObject({ region: otherRegion });
  expect(notes).toContain('no VPC in eu-west-2');
});

it('marks regions without a VPC, and preselects neither these nor one that was left for want of a VPC', async () => {
  const account = newMachine();
  for (const { routes } of account.region(otherRegion).routeTables) routes.splice(1);
  const lines: Line[] = [
    ['Region', otherRegion],
    ['VPC', 'choose another region'],
    ['Region', region],
    ['VPC', 'main'],
  ];
  const { ask } = await guided([...lines, ...size, ...alike, own, go], { account });
  const regions = ask.shown.get('Region of the parent') ?? [];
  expect(regions.filter(({ disabled }) => disabled === 'no VPC').map(({ value }) => value)).toHaveLength(9);
  expect(regions.find(({ value }) => value === region)?.disabled).toBeUndefined();
  expect(ask.presets.filter(([question]) => question === 'Region of the parent')).toEqual([
    ['Region of the parent', undefined],
    ['Region of the parent', undefined],
  ]);
});

it('goes back at every question, to the one before, where the earlier answer is preset', async () => {
  const account = newMachine();
  const { request, ask, notes } = await guided(
    [
      ['Region', region],
      ['VPC', esc],
      ['Region', ''],
      ['VPC', 'main'],
      ['Name of the fleet', 'shop'],
      ['Nodes per cluster', esc],
      ['Name of the fleet', esc],
      ['VPC', ''],
      ['Name of the fleet', 'store'],
      ['Nodes per cluster', '4'],
      ['Instance type', esc],
      ['Nodes per cluster', ''],
      ['Instance type', 'm5.large'],
      ['Members', 'individual'],
      ['Name of member 1', 'a'],
      ['Region of a', region],
      ['VPC of a', 'main'],
      ['Join mode of a', 'pull'],
      ['Another member', 'y'],
      ['Name of member 2', 'b'],
      ['Region of b', esc],
      ['Name of member 2', esc],
      ['Another member', 'n'],
      ['Who may reach', esc],
      ['Another member', 'n'],
      own,
      ['Are these answers right', esc],
      own,
      go,
    ],
    { account },
  );
  expect(request).toMatchObject({ fleet: 'store', nodes: 4, members: [{ name: 'a', mode: 'pull' }], allow: [] });
  expect(ask.presets).toContainEqual(['Nodes per cluster', '4']);
  expect(ask.presets).toContainEqual(['Another member (1 so far)', true]);
  expect(notes.filter((note) => note.startsWith('inspecting')).length).toBeLessThanOrEqual(5);
});

it('refuses at the question what could not be created: reserved and taken names, words for numbers, CIDRs', async () => {
  const account = newMachine();
  const vpcs = account.region(region).vpcs[0]?.id ?? '';
  const subnetIds = account.region(region).subnets.map(({ id }) => id);
  for (const name of ['prod-parent', 'shop-member-2', 'web'])
    addExistingCluster(account, { region, name, vpcId: vpcs, subnetIds });
  const { ask } = await guided(
    [
      ['Region', region],
      ['VPC', 'main'],
      ['Name of the fleet', '1shop'],
      ['Name of the fleet', 'prod'],
      ['Name of the fleet', 'shop'],
      ['Nodes per cluster', 'abc'],
      ['Nodes per cluster', '101'],
      ['Nodes per cluster', '3'],
      ['Instance type', 'm5.large'],
      ['Members', 'identical'],
      ['Number of members', 'abc'],
      ['Number of members', '-1'],
      ['Number of members', '2'],
      ['Number of members', esc],
      ['Members', 'individual'],
      ['Name of member 1', 'parent'],
      ['Name of member 1', 'fleet'],
      ['Name of member 1', 'karmada-apiserver'],
      ['Name of member 1', 'shop-parent'],
      ['Name of member 1', 'web'],
      ['Region of web', region],
      ['Cluster of web', 'existing cluster web'],
      ['Join mode of web', 'push'],
      ['Another member', 'y'],
      ['Name of member 2', 'web'],
      ['Name of member 2', 'x'],
      ['Region of x', region],
      ['Cluster of x', 'create'],
      ['VPC of x', 'main'],
      ['Join mode of x', 'push'],
      ['Another member', 'n'],
      ['Who may reach', 'specific'],
      ['CIDRs', '203.0.113.7'],
      ['CIDRs', '203.0.113.0/24'],
      go,
    ],
    { account },
  );
  expect(ask.refused).toMatchInlineSnapshot(`
    [
      "fleet: invalid name: use up to 30 lowercase letters, digits and hyphens, starting with a letter (got "1shop")",
      "EKS cluster prod-parent in us-west-2 exists and is not this fleet’s",
      "nodes: expected a whole number from 3 to 100 (got "abc")",
      "nodes: expected at most 100 nodes (got 101)",
      "members: expected a number from 0 to 100 or a list of members (got "abc")",
      "members: expected a number from 0 to 100 or a list of members (got "-1")",
      "EKS cluster shop-member-2 in us-west-2 exists and is not this fleet’s",
      "a member cannot be named parent",
      "a member cannot be named fleet",
      "a member cannot be named karmada-apiserver",
      "member shop-parent has the same name as the parent",
      "two members are named web",
      "CIDRs: expected a CIDR such as 203.0.113.7/32 (got "203.0.113.7")",
    ]
  `);
  expect(ask.shown.get('Cluster of web')).toMatchInlineSnapshot(`
    [
      {
        "disabled": "a cluster of this name exists",
        "name": "create a new one, web",
        "value": "",
      },
      {
        "name": "existing cluster prod-parent",
        "value": "prod-parent",
      },
      {
        "name": "existing cluster shop-member-2",
        "value": "shop-member-2",
      },
      {
        "name": "existing cluster web",
        "value": "web",
      },
    ]
  `);
  expect(ask.shown.get('Cluster of x')?.find(({ value }) => value === 'web')?.disabled).toBe('is another member');
});

it('changes one answer and keeps the others; a VPC goes with its region', async () => {
  const account = newMachine();
  const { request } = await guided(
    [
      ...firstRun,
      ['Are these answers right', 'change nodes'],
      ['Nodes per cluster', '2'],
      ['Nodes per cluster', '5'],
      ['Are these answers right', 'change region'],
      ['Region', otherRegion],
      ['VPC', 'main'],
      go,
    ],
    { account },
  );
  expect(request).toMatchObject({ region: otherRegion, vpc: vpcId(account, otherRegion), nodes: 5, members: 2 });
});

it('takes regions and instance types that are not in its lists', async () => {
  const { request, ask } = await guided([
    ['Region', 'other'],
    ['Name of the region', 'nowhere'],
    ['Name of the region', region],
    ['VPC', 'main'],
    ['Name of the fleet', 'Shop'],
    ['Name of the fleet', 'shop'],
    ['Nodes per cluster', ''],
    ['Instance type', 'other'],
    ['Name of the instance type', 'c5.xlarge'],
    ...alike,
    own,
    go,
  ]);
  expect(request).toMatchObject({ region, fleet: 'shop', instanceType: 'c5.xlarge' });
  expect(ask.refused).toEqual([
    'region: expected a region such as eu-west-1 (got "nowhere")',
    'fleet: invalid name: use up to 30 lowercase letters, digits and hyphens, starting with a letter (got "Shop")',
  ]);
});

it('takes individual members: new, in another region, and existing', async () => {
  const account = newMachine();
  const elsewhere = addVpc(account, { region: otherRegion, name: 'theirs' });
  const subnetIds = elsewhere.privateSubnets.map(({ id }) => id);
  addExistingCluster(account, { region: otherRegion, name: 'prod', vpcId: elsewhere.vpc.id, subnetIds });
  const { request } = await guided(
    [
      ['Region', region],
      ['VPC', 'main'],
      ...size,
      ['Members', 'individual'],
      ['Name of member 1', 'a'],
      ['Region of a', region],
      ['VPC of a', 'main'],
      ['Join mode of a', 'push'],
      ['Another member', 'y'],
      ['Name of member 2', 'a'],
      ['Name of member 2', ''],
      ['Region of karmada-member-2', otherRegion],
      ['Cluster of karmada-member-2', 'prod'],
      ['Join mode of karmada-member-2', 'pull'],
      ['Another member', 'y'],
      ['Name of member 3', 'c'],
      ['Region of c', otherRegion],
      ['Cluster of c', 'create a new one'],
      ['VPC of c', 'main'],
      ['Join mode of c', 'pull'],
      ['Another member', 'n'],
      own,
      go,
    ],
    { account },
  );
  expect(request).toMatchObject({
    useExisting: true,
    members: [
      { name: 'a', mode: 'push' },
      { name: 'karmada-member-2', cluster: 'prod', region: otherRegion, vpc: elsewhere.vpc.id, mode: 'pull' },
      { name: 'c', region: otherRegion, vpc: vpcId(account, otherRegion), mode: 'pull' },
    ],
  });
});

it('makes members that are alike pull members too', async () => {
  const many: Line[] = [
    ['Members', 'identical'],
    ['Number of members', '2'],
    ['Join mode', 'pull'],
  ];
  const { request } = await guided([['Region', region], ['VPC', 'main'], ...size, ...many, own, go]);
  expect(request.members).toEqual([
    { name: 'karmada-member-1', mode: 'pull' },
    { name: 'karmada-member-2', mode: 'pull' },
  ]);
});

it.each([
  [[['Who may reach', 'anyone']], ['0.0.0.0/0']],
  [
    [
      ['Who may reach', 'specific'],
      ['CIDRs', '192.0.2.0'],
      ['CIDRs', '192.0.2.0/24, 2001:db8::/32'],
      ['CIDRs', '192.0.2.0/24, 198.51.100.0/24'],
    ],
    ['192.0.2.0/24', '198.51.100.0/24'],
  ],
] as const)('opens the Karmada API as asked: %j', async (access, allow) => {
  const { request, notes } = await guided([...firstRun.slice(0, -1), ...access, go]);
  expect(request.allow).toEqual(allow);
  expect(notes.some((note) => note.includes('whole internet'))).toBe(allow[0] === '0.0.0.0/0');
});

it('keeps the Karmada API off the internet as asked, and takes that back', async () => {
  const internal: Line = ['Who may reach', 'internal only'];
  const { request, notes, ask } = await guided([...firstRun.slice(0, -1), internal, go]);
  expect(request).toMatchObject({ allow: [], internal: true });
  expect(notes).toContain('warning: this machine must be in that VPC or reach it by peering or VPN');
  const summary = ask.shown.get('Are these answers right')?.map(({ name }) => name);
  expect(summary).toContain('change Karmada API: internal, for its VPC and pull members');
  const back = await guided([
    ...firstRun.slice(0, -1),
    internal,
    ['Are these answers right', 'change Karmada API'],
    own,
    go,
  ]);
  expect(back.request).toMatchObject({ allow: [], internal: false });
});

it('shows who may reach the EKS endpoints, and asks those who want to change it', async () => {
  const change: Line = ['Are these answers right', 'change EKS endpoints'];
  const certain: readonly Line[] = [
    change,
    ['Who may reach the endpoints', 'specific'],
    ['CIDRs', '2001:db8::/32'],
    ['CIDRs', '10.0.0.0/8'],
    ['CIDRs', '203.0.113.0/24, 198.51.100.7/32'],
  ];
  const everyone: readonly Line[] = [change, ['Who may reach the endpoints', 'anyone']];
  const summary = ({ ask }: Guided): unknown => ask.shown.get('Are these answers right')?.map(({ name }) => name);
  const unchanged = await guided([...firstRun, go]);
  expect(unchanged.request.publicAccess).toBeUndefined();
  const byDefault = 'change EKS endpoints: reachable by anyone with credentials';
  expect(summary(unchanged)).toContain(byDefault);
  const limited = await guided([...firstRun, ...certain, go]);
  expect(limited.request.publicAccess).toEqual(['203.0.113.0/24', '198.51.100.7/32']);
  expect(summary(limited)).toContain(
    'change EKS endpoints: for 203.0.113.0/24, 198.51.100.7/32, the nodes and Karmada',
  );
  const back = await guided([...firstRun, ...certain, ...everyone, go]);
  expect(back.request.publicAccess).toEqual([]);
  const closed: readonly Line[] = [
    change,
    ['Who may reach the endpoints', 'only their networks'],
    ['CIDRs of a connected network', '10.20.0.1/16'],
    ['CIDRs of a connected network', '10.20.0.0/16'],
  ];
  const inside = await guided([...firstRun, ...certain, ...closed, go]);
  expect(inside.request).toMatchObject({ publicAccess: [], privateEndpoints: true, privateAccess: ['10.20.0.0/16'] });
  expect(summary(inside)).toContain('change EKS endpoints: private, for their VPCs, 10.20.0.0/16');
  const open = await guided([...firstRun, ...closed, ...everyone, go]);
  expect(open.request).toMatchObject({ publicAccess: [], privateEndpoints: false, privateAccess: [] });
});

it('does not ask who may reach an API that was said to be internal, and offers VPCs without public subnets for it', async () => {
  const account = newMachine();
  const { publicTable } = addVpc(account, { region, name: 'closed' });
  for (const route of publicTable.routes) if (route.target !== 'local') route.target = 'tgw-0a1b2c3d4e5f60718';
  const given = { region, internal: true };
  const { request } = await guided([['VPC', 'closed'], ...size, ...alike, go], { account, given });
  expect(request).toMatchObject({ internal: true, vpc: vpcId(account, region, 1) });
  const { ask } = await guided([...firstRun, go], { account });
  const [, closed] = ask.shown.get('VPC of the parent') ?? [];
  expect(closed?.disabled).toContain('no public subnet for the load balancer');
});

it('takes over what a fleet that is known here was made with', async () => {
  const record = { fleet: 'shop', region, vpc: 'main', members: 1, nodes: 4, instanceType: 'm5.xlarge', allow: [] };
  const lines: Line[] = [['Region', region], ['VPC', 'main'], ['Name of the fleet', 'shop'], go];
  const { request, notes } = await guided(lines, { record });
  expect(request).toEqual(record);
  expect(notes).toContain(`fleet shop in ${region} is known here; the answers are preset to its current values`);
});

it('comes back to the summary when the answers do not fit together', async () => {
  const given = { region, fleet: 'shop', members: [{ name: 'shop-parent' }], nodes: 3, instanceType: 'm5.large' };
  const lines: Line[] = [['VPC', 'main'], own, go, ['Are these answers right', 'change members'], ...alike, go];
  const { request, notes } = await guided(lines, { given });
  expect(request.members).toBe(2);
  expect(notes).toContain('member shop-parent has the same name as the parent');
});

it('ends as declined when it is left', async () => {
  await expect(guided([...firstRun, ['Are these answers right', 'cancel']])).rejects.toMatchObject({
    code: 'declined',
  });
});

it('asks nothing more after a stop between two questions', async () => {
  const stop = new AbortController();
  const ask = stoppableAsk(scriptedAsk(['first', 'y']), stop.signal);
  const question = { message: 'first', flag: '--yes', env: 'KARMADA_EKS_YES' };
  expect(await ask.confirm(question)).toBe(true);
  stop.abort();
  const interrupted = { code: 'interrupted', exitCode: 130 };
  await expect(ask.confirm(question)).rejects.toMatchObject(interrupted);
  await expect(ask.input(question)).rejects.toMatchObject(interrupted);
  await expect(ask.select({ ...question, choices: [] })).rejects.toMatchObject(interrupted);
});

it('has a page of advanced settings, each checked as it is typed, and all of them in the command that is printed', async () => {
  const key = `arn:aws:kms:${region}:111122223333:key/1`;
  const boundary = 'arn:aws:iam::111122223333:policy/boundary';
  const setting = 'Which advanced setting';
  const { request, ask } = await guided([
    ...firstRun,
    ['Advanced settings', 'y'],
    [setting, 'tags'],
    ['Tags on everything', 'team'],
    ['Tags on everything', 'aws:x=y'],
    ['Tags on everything', 'team=shop, cost=12'],
    [setting, 'permissions boundary'],
    ['ARN of the IAM policy', 'boundary'],
    ['ARN of the IAM policy', boundary],
    [setting, 'KMS keys'],
    ['ARNs of the KMS keys', key],
    [setting, 'zones'],
    ['The only zones', `${region}a, eu-west-1b`],
    ['The only zones', `${region}a, ${region}b`],
    [setting, 'volume size'],
    ['Disk of each node', '3'],
    ['Disk of each node', '200'],
    [setting, 'AMI family'],
    ['Image of new nodes', 'Bottlerocket'],
    [setting, 'Spot'],
    ['Use Spot Instances', 'y'],
    [setting, 'permissions boundary'],
    ['ARN of the IAM policy', '-'],
    [setting, 'done'],
    ['Are these answers right', 'change advanced settings: tags team=shop, cost=12; KMS keys'],
    [setting, 'subnets'],
    ['IDs of the only subnets', esc],
    [setting, 'done'],
    go,
  ]);
  expect(ask.refused).toEqual([
    'expected key=value',
    expect.stringContaining('aws:x: the key is reserved'),
    expect.stringContaining('expected the ARN of an IAM policy'),
    `expected zones of ${region}`,
    expect.stringContaining('expected at least 20 GiB'),
  ]);
  const settings = {
    tags: { team: 'shop', cost: '12' },
    kmsKeys: [key],
    zones: [`${region}a`, `${region}b`],
    volumeSize: 200,
    amiFamily: 'Bottlerocket',
    spot: true,
  };
  expect(request).toMatchObject(settings);
  expect(request).not.toHaveProperty('permissionsBoundary');
  const command = sameCommand(request, {});
  for (const words of [
    '--tag team=shop --tag cost=12',
    `--kms-key ${key}`,
    `--zones ${region}a --zones ${region}b`,
    '--volume-size 200 --ami-family Bottlerocket',
    '--spot',
  ])
    expect(command).toContain(words);
});
