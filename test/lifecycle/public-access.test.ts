/** Endpoints of new EKS clusters that only some may reach: who, what is refused, what is warned of, and what stays. */
import { describe, expect, it } from 'vitest';
import { putIntoVpc } from '../../src/rehearsal/account/machines.js';
import type { Account } from '../../src/rehearsal/account.js';
import { touch } from '../../src/rehearsal/kube/api-server/object-index.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import type { ClusterConfig } from '../../src/tools/eksctl/cluster-config.js';
import { diagnosed, told } from '../doctor/diagnosed.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { changes, fleetFolder, newMachine, otherRegion, readyStatus, region, smallUp, succeed } from './fleet.js';

const mine = '192.0.2.10/32';
const limited = ` --public-access-cidr ${mine}`;
const members = `--member name=far,region=${otherRegion} --member name=away,mode=pull,region=${otherRegion}`;
const plan = `plan -o json --region ${region} --vpc main`;

/** The NAT gateway of `main` here is 198.51.100.1, there 203.0.113.1. */
function machine(): Account {
  const account = newMachine();
  for (const nat of account.region(otherRegion).natGateways) nat.publicIp = '203.0.113.1';
  return account;
}

/** What eksctl is given for each cluster, by its name. */
function accessIn(stdout: string): Record<string, readonly string[] | undefined> {
  const { steps } = JSON.parse(stdout) as { steps: { commands: { args: string[]; stdin?: string }[] }[] };
  const creations = steps.flatMap(({ commands }) => commands).filter(({ args }) => args.includes('cluster'));
  const configs = creations.map(({ stdin = '' }) => JSON.parse(stdin) as ClusterConfig);
  return Object.fromEntries(configs.map(({ metadata, vpc }) => [metadata.name, vpc?.publicAccessCIDRs]));
}

function cidrsOf(account: Account, name: string, where = region): readonly string[] | undefined {
  return account.region(where).clusters[name]?.publicAccessCidrs;
}

describe('the list that eksctl gets', () => {
  it('is what was said, the nodes’ NAT addresses, and for a push member those of the parent’s VPC', async () => {
    const { stdout, stderr } = await succeed(machine(), `${plan} ${members}${limited}`);
    expect(accessIn(stdout)).toEqual({
      'karmada-parent': [mine, '198.51.100.1/32'],
      far: [mine, '203.0.113.1/32', '198.51.100.1/32'],
      away: [mine, '203.0.113.1/32'],
    });
    expect(stdout).toContain(`public endpoint restricted to ${mine}, 203.0.113.1/32, 198.51.100.1/32`);
    expect(stderr).toBe('');
  });

  it('is none when nothing was said', async () => {
    const { stdout } = await succeed(machine(), `${plan} ${members}`);
    expect(accessIn(stdout)).toEqual({ 'karmada-parent': undefined, far: undefined, away: undefined });
    expect(stdout).not.toContain('publicAccessCIDRs');
  });

  it('takes IPv4 only, and reports it', async () => {
    const refused = await cli(machine(), `${plan} --public-access-cidr 2001:db8::/32`);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining(
        '--public-access-cidr: expected an IPv4 CIDR such as 203.0.113.7/32 (got "2001:db8::/32")',
      ),
    ]);
  });

  it('has at most 40 CIDRs with those that are added, and is refused before any change', async () => {
    const many = Array.from({ length: 40 }, (_, last) => ` --public-access-cidr 198.51.${last}.0/24`).join('');
    const refused = await cli(newMachine(), `${smallUp}${many}`);
    expect(refused.stderr).toContain(
      'public endpoints cannot be limited to 41 CIDRs, EKS takes 40: karmada-parent, one, two\n  why:  1 of these CIDRs',
    );
    expect([refused.code, changes(refused)]).toEqual([2, []]);
  });

  it('comes from the environment too', async () => {
    const vars = { KARMADA_EKS_PUBLIC_ACCESS_CIDR: `${mine},203.0.113.0/24` };
    const { stdout } = await succeed(machine(), `${plan} --members 0`, { vars });
    expect(accessIn(stdout)).toEqual({ 'karmada-parent': [mine, '203.0.113.0/24', '198.51.100.1/32'] });
  });
});

describe('a machine that is not in the list', () => {
  const closed = `--region ${region} --vpc main ${members} --public-access-cidr 203.0.113.0/24`;
  const moved = { publicAddress: '1.2.3.5' } as const;
  const shut =
    'this machine’s address 1.2.3.5 may not reach the endpoints of new clusters (karmada-parent, far, away), so they could not be managed from here';

  it('is refused before anything is made, whoever may reach the Karmada API', async () => {
    for (const words of [closed, `${closed} --allow 1.2.3.5/32`, `${closed} --internal`]) {
      const refused = await cli(machine(), `up --yes ${words}`, moved);
      expect([refused.code, changes(refused)], words).toEqual([3, []]);
      expect(refused.stderr, words).toContain(shut);
      expect(refused.stderr, words).toContain('add it: --public-access-cidr 1.2.3.5/32 (repeatable)');
      expect(refused.stderr, words).toContain('code: address-shut-out');
    }
    expect((await cli(machine(), `plan ${closed}`, moved)).stderr).toContain(shut);
    expect(told(await diagnosed(machine(), closed.split(' ').slice(2), moved), 'public-access')).toContain(shut);
  });

  it('is none when a wider CIDR has it, or its NAT gateway, or its VPC; nor is one whose address is unknown', async () => {
    const wider = `${plan} ${members} --public-access-cidr 1.2.3.0/24`;
    expect((await succeed(machine(), wider, moved)).stderr).toBe('');
    const inside = machine();
    for (const nat of inside.region(region).natGateways) nat.publicIp = '1.2.3.5';
    // It comes to the parent and to push members as their own callers do.
    const { stderr } = await cli(inside, `plan ${closed}`, moved);
    expect(stderr).toContain('may not reach the endpoints of new clusters (away)');
    const alone = `${plan} --members 0 --public-access-cidr 203.0.113.0/24 --allow 1.2.3.5/32`;
    expect((await cli(machine(), alone, moved)).code).toBe(3);
    const there = machine();
    const [vpc = expect.unreachable('no VPC')] = there.region(region).vpcs;
    putIntoVpc(there, 'rehearsal', region, vpc);
    await succeed(there, alone, moved);
    await succeed(machine(), alone, { publicAddress: null });
  });

  it.runIf(triesMore)('goes on with clusters that are there, whose endpoints nobody closes', async () => {
    const account = machine();
    await succeed(account, `${smallUp}${limited}`);
    await succeed(account, `${smallUp} --public-access-cidr 203.0.113.0/24`, moved);
  });
});

describe('a VPC whose nodes have public addresses of their own', () => {
  const refusal = /nodes in VPC vpc-\w+ \(main\) in (\S+) have their own public addresses, which --public-access-cidr/g;

  it('is no obstacle to clusters in it: nodes and Karmada reach them inside the VPC', async () => {
    const account = newMachine('no-nat');
    await succeed(account, `up --region ${region} --vpc main --yes --member name=one --allow ${mine}${limited}`);
    expect(cidrsOf(account, 'one')).toEqual([mine]);
    await readyStatus(account);
  });

  it('is refused as the parent’s of a push member in another VPC, because Karmada calls from there; nothing changes', async () => {
    const elsewhere = `up --region ${region} --vpc main --yes --member name=far,region=${otherRegion} --allow ${mine}`;
    const refused = await cli(newMachine('no-nat'), `${elsewhere}${limited}`);
    expect(refused.code).toBe(3);
    expect([...refused.stderr.matchAll(refusal)].map(([, where]) => where)).toEqual([region]);
    expect(refused.stderr).toContain('code: vpc-unusable');
    expect(changes(refused)).toEqual([]);
  });

  it('is refused for a member that comes later too, unless it is a pull member', async () => {
    const account = newMachine('no-nat');
    addVpc(account, { region: otherRegion, name: 'closed' });
    const parent = `up --region ${region} --vpc main --yes --members 0`;
    await succeed(account, parent);
    const join = `join --yes --member name=far,region=${otherRegion},vpc=closed`;
    await succeed(account, `${parent} --public-access-cidr 0.0.0.0/0`);
    await succeed(account, join.replace('far', 'open'));
    expect(cidrsOf(account, 'open', otherRegion)).toContain('0.0.0.0/0');
    await limit(account);
    const refused = await cli(account, join);
    expect([refused.code, [...refused.stderr.matchAll(refusal)].map(([, where]) => where)]).toEqual([3, [region]]);
    // A pull member calls Karmada; nobody calls it from there.
    await succeed(account, join.replace('name=far', 'name=near,mode=pull'));
    await readyStatus(account);
  });

  it('will do when everyone may come in', async () => {
    const { stdout } = await succeed(newMachine('no-nat'), `${plan} --members 1 --public-access-cidr 0.0.0.0/0`);
    expect(accessIn(stdout)['karmada-parent']).toEqual(['0.0.0.0/0']);
  });

  it('is reported by doctor', async () => {
    const found = await diagnosed(newMachine('no-nat'), [
      ...['--public-access-cidr', mine],
      ...['--member', `name=far,region=${otherRegion}`],
    ]);
    expect([found.code, told(found, 'public-access')]).toEqual([3, expect.stringMatching(refusal)]);
    const well = await diagnosed(machine(), ['--public-access-cidr', mine]);
    expect(well.wrong).toEqual([]);
    expect(well.findings.find(({ id }) => id === 'public-access')?.what).toContain(`new clusters admit ${mine}`);
  });
});

/** As if the fleet had been described so by hand. */
async function limit(account: Account): Promise<void> {
  const path = `${fleetFolder}/fleet.json`;
  const limitedText = (text = ''): string => text.replaceAll('0.0.0.0/0', mine);
  account.state.files[path] = limitedText(account.state.files[path]);
  const description =
    account.state.apis[`eks/${region}/karmada-parent`]?.objects['configmaps/karmada-system/karmada-eks'];
  const data = description?.['data'] as Record<string, string> | undefined;
  if (data !== undefined) data['fleet.json'] = limitedText(data['fleet.json']);
}

describe('the private endpoints of new clusters', () => {
  it('admit their VPC: Karmada reaches a push member in its VPC there', async () => {
    const account = machine();
    await succeed(account, `up --region ${region} --vpc main --yes --member name=one`);
    const { clusters, vpcs } = account.region(region);
    const cidrs = vpcs.flatMap(({ tags, cidr }) => (tags['Name'] === 'main' ? [cidr] : []));
    expect(['karmada-parent', 'one'].map((name) => clusters[name]?.privateAccessCidrs)).toEqual([cidrs, cidrs]);
    await readyStatus(account);
  });

  it('would shut Karmada out without that', async () => {
    const account = machine();
    await succeed(account, `up --region ${region} --vpc main --yes --member name=one`);
    const member = account.region(region).clusters['one'];
    if (member !== undefined) member.privateAccessCidrs = [];
    for (const api of Object.values(account.state.apis)) touch(api);
    // Karmada looks at it now, and gives it up a while later.
    await cli(account, 'status');
    await account.clock.sleep(600_000);
    const status = await cli(account, 'status');
    expect([status.code, status.stdout]).toEqual([8, expect.stringContaining('cluster is not reachable')]);
  });
});

it('warns where private subnets lead out by something else than a NAT gateway', async () => {
  const account = newMachine();
  const table = account
    .region(region)
    .routeTables.find(({ routes }) => routes.some(({ target }) => target.startsWith('nat-')));
  for (const route of table?.routes ?? []) if (route.target !== 'local') route.target = 'tgw-0a1b2c3d4e5f60718';
  const { stdout, stderr } = await succeed(account, `${plan} --members 1${limited}`);
  expect(stderr).toBe('');
  const elsewhere = await succeed(account, `${plan} --member name=far,region=${otherRegion}${limited}`);
  expect(elsewhere.stderr).toContain(
    'use a NAT gateway with a public address: --public-access-cidr must include their source addresses',
  );
  expect(accessIn(stdout)['karmada-parent']).toEqual([mine]);
});

it('is what EKS has, is remembered, and is not changed in clusters that are there', async () => {
  const account = machine();
  await succeed(account, `${smallUp} --public-access-cidr 192.0.2.0/24`);
  expect(cidrsOf(account, 'karmada-parent')).toEqual(['192.0.2.0/24', '198.51.100.1/32']);
  expect(account.state.files[`${fleetFolder}/fleet.json`]).toContain('"publicAccess": [\n      "192.0.2.0/24"\n    ]');
  expect((await succeed(account, `${smallUp} --public-access-cidr 192.0.2.0/24`)).stderr).not.toContain('drift');
  const again = await succeed(account, `${smallUp} --public-access-cidr 203.0.113.0/24`);
  expect(again.stderr).toContain(
    'drift: one: public endpoint open to 192.0.2.0/24, 198.51.100.1/32, requested 203.0.113.0/24, 198.51.100.1/32; this is not changed in an existing cluster',
  );
  expect(changes(again).filter((key) => key.startsWith('exec eksctl'))).toEqual([]);
  expect(cidrsOf(account, 'one')).toEqual(['192.0.2.0/24', '198.51.100.1/32']);
  // A member that comes later gets what holds then, and nobody says it again.
  await succeed(account, `join --yes --member name=late,region=${otherRegion}`);
  expect(cidrsOf(account, 'late', otherRegion)).toEqual(['203.0.113.0/24', '203.0.113.1/32', '198.51.100.1/32']);
  await readyStatus(account);
});
