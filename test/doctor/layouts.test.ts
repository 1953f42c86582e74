/** What doctor says of VPCs of many layouts, and that `up` agrees. */
import { describe, expect, it } from 'vitest';
import { newAccount } from '../../src/rehearsal/account.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { cli } from '../lifecycle/cli.js';
import { region } from '../lifecycle/fleet.js';
import { diagnosed, told } from './diagnosed.js';
import { layouts } from './layouts.js';

interface Expected {
  readonly wrong: readonly string[];
  /** Part of what is said under the name. */
  readonly says?: readonly [id: string, text: string];
}

const expected: Readonly<Record<keyof typeof layouts, Expected>> = {
  full: { wrong: [] },
  noNat: { wrong: ['warning nat'], says: ['nat', 'each with its own public address'] },
  noAutoAssign: { wrong: [] },
  noNatNoAutoAssign: {
    wrong: ['error auto-assign', 'warning nat'],
    says: ['auto-assign', 'enable auto-assign public IPv4 for subnet-'],
  },
  twoZones: { wrong: ['warning vpc-zones'], says: ['vpc-zones', 'in 2 zones only'] },
  oneZone: { wrong: ['error vpc-zones'], says: ['vpc-zones', 'public in 1 zone'] },
  twoOfOneName: { wrong: ['error vpc'], says: ['vpc', '2 VPCs match main in us-west-2'] },
  blackhole: { wrong: ['warning nat', 'warning routes'], says: ['routes', 'is gone (blackhole) | route table rtb-'] },
  failedNat: { wrong: ['warning nat', 'warning routes'], says: ['routes', 'is failed'] },
  isolatedOnly: {
    wrong: ['error vpc-zones'],
    says: ['vpc-zones', 'public in 0 zones, private with outbound access in 0'],
  },
  blockedAccess: {
    wrong: ['error vpc-zones', 'warning block-public-access'],
    says: ['block-public-access', '(block-bidirectional)'],
  },
  blockedIngress: {
    wrong: ['error load-balancer-subnets', 'warning block-public-access'],
    says: ['load-balancer-subnets', 'no public subnet for the load balancer'],
  },
  elsewhereOnly: { wrong: ['error vpc-zones'], says: ['vpc-zones', 'is on an Outpost'] },
  foreignTags: { wrong: ['warning subnet-tags'], says: ['subnet-tags', 'are tagged for other clusters only: other'] },
  fewAddresses: {
    wrong: ['error free-addresses'],
    says: ['free-addresses', 'has 20 free addresses, expected at least 46'],
  },
  tightAddresses: {
    wrong: ['warning free-addresses'],
    says: ['free-addresses', 'has 50 free addresses, and what is to be created in it takes up to 63'],
  },
  dnsOff: { wrong: ['error vpc-dns'], says: ['vpc-dns', 'enableDnsHostnames is disabled'] },
};

describe.each(Object.entries(layouts))('%s', (name, layout) => {
  const { wrong, says } = expected[name as keyof typeof layouts];

  it('is reported correctly, each with what to do', async () => {
    const account = newAccount();
    layout(account);
    const found = await diagnosed(account);
    expect(found.wrong).toEqual(wrong);
    expect(found.code).toBe(wrong.some((each) => each.startsWith('error')) ? 3 : 0);
    if (says !== undefined) expect(told(found, says[0])).toContain(says[1]);
    const helpless = found.findings.filter(({ severity, fix }) => severity !== 'ok' && fix.length === 0);
    expect(helpless).toEqual([]);
  });

  it('ends as plan does', async () => {
    const account = newAccount();
    layout(account);
    const doctor = await diagnosed(account);
    expect((await cli(account, `plan --region ${region} --vpc main`)).code).toBe(doctor.code);
  });
});

it('asks for no public subnet when the Karmada API is to be internal, and reports what that means', async () => {
  const account = newAccount();
  layouts.blockedIngress(account);
  const found = await diagnosed(account, ['--internal']);
  expect([found.code, found.wrong]).toEqual([0, ['warning block-public-access', 'warning source-ranges']]);
  expect(told(found, 'source-ranges')).toContain('this machine must be in VPC vpc-');
});

it('tells two VPCs of a fleet apart', async () => {
  const account = newAccount();
  layouts.full(account);
  const name = 'elsewhere';
  const { vpc } = addVpc(account, { region: 'eu-west-1', name, variant: 'two-azs' });
  const found = await diagnosed(account, ['--member', `name=far,region=eu-west-1,vpc=${name}`]);
  expect(found.wrong).toEqual(['warning vpc-zones']);
  expect(told(found, 'vpc-zones')).toContain(vpc.id);
  const abouts = found.findings.filter(({ id }) => id === 'vpc-dns').map(({ about }) => about);
  expect(abouts).toEqual([expect.stringContaining('us-west-2'), `${vpc.id} in eu-west-1`]);
});

describe('without a VPC named', () => {
  it('lists those of the region, with what is wrong with each', async () => {
    const account = newAccount();
    layouts.full(account);
    layouts.dnsOff(account);
    const found = await diagnosed(account, ['--vpc', '*']);
    expect([found.code, found.wrong]).toEqual([0, ['warning vpc']]);
    expect(told(found, 'vpc')).toMatch(
      /^VPC vpc-\w+ \(main, 10\.1\.0\.0\/16\) cannot hold the fleet \| enableDnsHostnames/,
    );
    expect(found.findings.find(({ id, severity }) => id === 'vpc' && severity === 'ok')?.what).toContain('--vpc vpc-');
  });

  it('fails when none will do', async () => {
    const account = newAccount();
    layouts.dnsOff(account);
    const found = await diagnosed(account, ['--vpc', '*']);
    expect([found.code, found.wrong]).toEqual([3, ['warning vpc', 'error vpc']]);
    expect(told(await diagnosed(newAccount(), ['--vpc', '*']), 'vpc')).toContain(
      'no VPC of us-west-2 can hold the fleet',
    );
  });
});
