/** Whether a VPC can hold clusters, and what is said when it cannot. */

import { expect, it } from 'vitest';
import type { Ec2, Vpc } from '../../../src/aws/ec2/ec2.js';
import type { Clients } from '../../../src/clients/clients.js';
import { problemsIn, warningsIn } from '../../../src/errors/diagnostic.js';
import { findNetwork, nodeSubnets } from '../../../src/preflight/network/network.js';
import type { VpcParts } from '../../../src/preflight/network/subnets.js';
import { ownRegion } from '../../../src/world/place.js';
import { internet, nat, outTo, subnet, table, vpcParts } from './vpc-parts.js';

const vpc = (VpcId: string, name: string): Vpc => ({
  VpcId,
  CidrBlock: '10.0.0.0/16',
  Tags: [{ Key: 'Name', Value: name }],
});

/** An EC2 that answers what a test says; without more: the VPC `main` of the AWS guidance. */
interface Said {
  readonly vpcs?: readonly Vpc[];
  readonly parts?: Partial<VpcParts>;
  readonly dns?: { readonly support: boolean; readonly hostnames: boolean };
  readonly offering?: readonly string[];
  readonly needsPublicSubnet?: boolean;
  readonly instanceTypes?: readonly string[];
}

const zones = ['a', 'b', 'c'] as const;
const publicOnes = zones.map((zone) => subnet(`public-${zone}`, zone, { MapPublicIpOnLaunch: true }));
const privateOnes = zones.map((zone) => subnet(`private-${zone}`, zone));
const usual: Partial<VpcParts> = {
  subnets: [...publicOnes, ...privateOnes],
  routeTables: [
    table(
      publicOnes.map(({ SubnetId = '' }) => SubnetId),
      internet,
    ),
    table(['private-a', 'private-b'], outTo({ NatGatewayId: 'nat-1' })),
    table(['private-c'], outTo({ NatGatewayId: 'nat-2' })),
  ],
  natGateways: [nat('nat-1', 'available', '198.51.100.1'), nat('nat-2', 'available', '198.51.100.2'), nat('nat-3')],
};

async function find(said: Said = {}) {
  const vpcs = said.vpcs ?? [vpc('vpc-1', 'main')];
  const parts = vpcParts(said.parts ?? usual);
  const ec2: Partial<Ec2> = {
    vpcs: (wanted) => {
      return Promise.resolve(vpcs.filter(({ Tags }) => wanted === undefined || Tags?.[0]?.Value?.startsWith(wanted)));
    },
    vpcHasDns: () => Promise.resolve(said.dns ?? { support: true, hostnames: true }),
    subnets: () => Promise.resolve(parts.subnets),
    routeTables: () => Promise.resolve(parts.routeTables),
    natGateways: () => Promise.resolve(parts.natGateways),
    availabilityZones: () => Promise.resolve(parts.zones),
    zonesOffering: (type) =>
      Promise.resolve(
        type === 'm7g.large'
          ? ['eu-west-1a', 'eu-west-1b']
          : (said.offering ?? zones.map((zone) => `eu-west-1${zone}`)),
      ),
  };
  const described = {
    InstanceTypes: ['m7g.large', 'm5.large'].map((InstanceType) => ({
      InstanceType,
      ProcessorInfo: { SupportedArchitectures: [InstanceType === 'm7g.large' ? 'arm64' : 'x86_64'] },
    })),
  };
  const client = { send: () => Promise.resolve(described) };
  const clients = { ec2: () => ec2, world: { aws: { ec2: () => client } } } as unknown as Clients;
  const { instanceTypes = ['m5.large'] } = said;
  const spec = { ...ownRegion('eu-west-1'), vpc: 'main', holdsNew: true, instanceTypes };
  const { found, diagnostics } = await findNetwork(clients, {
    ...spec,
    needsPublicSubnet: said.needsPublicSubnet ?? true,
  });
  const text = problemsIn(diagnostics).map(({ code, message, why }) => [code, message, why].join(' | '));
  return {
    found,
    problems: text,
    warnings: warningsIn(diagnostics).map(({ what }) => what),
    nodes: found === undefined ? [] : nodeSubnets(found).map(({ id }) => id),
  };
}

/** A VPC with public subnets only, in these zones. */
const publicOnly = (subnets: NonNullable<VpcParts['subnets']>): Partial<VpcParts> => ({
  subnets,
  routeTables: [table('main', internet)],
});

it('puts nodes into the private subnets and knows their addresses outside', async () => {
  const { found, problems, warnings, nodes } = await find();
  expect([problems, warnings]).toEqual([[], []]);
  expect(nodes).toEqual(['private-a', 'private-b', 'private-c']);
  expect(found).toMatchObject({ vpcId: 'vpc-1', vpcName: 'main', region: 'eu-west-1', nodesArePrivate: true });
  expect(found?.natAddresses).toEqual(['198.51.100.1', '198.51.100.2']);
});

it('puts them into the public ones when there are no private ones with a way out', async () => {
  const { found, problems, nodes } = await find({ parts: publicOnly(publicOnes) });
  expect(problems).toEqual([]);
  expect(nodes).toEqual(['public-a', 'public-b', 'public-c']);
  expect(found).toMatchObject({ nodesArePrivate: false, natAddresses: [] });
});

it('does not call one private zone enough', async () => {
  const lone = { ...usual, subnets: [...publicOnes, subnet('private-a', 'a')] };
  const { nodes, found } = await find({ parts: lone });
  expect(nodes).toEqual(['public-a', 'public-b', 'public-c']);
  expect(found?.natAddresses).toEqual([]);
});

it('uses only zones that offer the instance type', async () => {
  const { nodes, warnings } = await find({ offering: ['eu-west-1a', 'eu-west-1c'] });
  expect(nodes).toEqual(['private-a', 'private-c']);
  expect(warnings).toEqual([expect.stringContaining('in 2 zones only')]);
});

it('reports which VPCs there are when none matches', async () => {
  const { found, problems } = await find({
    vpcs: [vpc('vpc-2', 'other'), { VpcId: 'vpc-3', CidrBlock: '10.1.0.0/16' }],
  });
  expect(found).toBeUndefined();
  expect(problems).toEqual([
    'vpc-not-found | no VPC main in eu-west-1 | available VPCs: vpc-2 (other, 10.0.0.0/16), vpc-3 (no name, 10.1.0.0/16)',
  ]);
  expect((await find({ vpcs: [] })).problems).toEqual(['vpc-not-found | no VPC main in eu-west-1 | ']);
});

it('names all that match when several do, in whatever order EC2 lists them', async () => {
  const { found, problems } = await find({ vpcs: [vpc('vpc-2', 'main-2'), vpc('vpc-1', 'main')] });
  expect(found).toBeUndefined();
  expect(problems).toEqual([
    'vpc-ambiguous | 2 VPCs match main in eu-west-1 | vpc-1 (main, 10.0.0.0/16), vpc-2 (main-2, 10.0.0.0/16)',
  ]);
});

it.each([
  [{ support: true, hostnames: false }, 'enableDnsHostnames is disabled'],
  [{ support: false, hostnames: true }, 'enableDnsSupport is disabled'],
  [{ support: false, hostnames: false }, 'enableDnsSupport and enableDnsHostnames are disabled'],
])('refuses a VPC without DNS: %j', async (dns, why) => {
  expect((await find({ dns })).problems).toEqual([expect.stringContaining(why)]);
});

it('refuses an instance type that the region does not have, and finds no fault with the VPC for it', async () => {
  const { problems } = await find({ offering: [] });
  expect(problems).toEqual(['invalid-value | instance type m5.large is not available in eu-west-1 | ']);
});

it('refuses too few zones, with what it saw and what it left out', async () => {
  const [a, b = subnet('b', 'b')] = publicOnes;
  const full = { ...b, AvailableIpAddressCount: 2 };
  const { problems } = await find({ parts: publicOnly(a === undefined ? [] : [a, full]) });
  expect(problems).toEqual([
    expect.stringContaining('public in 1 zone, private with outbound access in 0; skipped: public-b has 2'),
  ]);
});

it('refuses public subnets that would leave nodes without addresses, by id', async () => {
  const { problems } = await find({
    parts: publicOnly([subnet('open-a', 'a', { MapPublicIpOnLaunch: true }), subnet('shut-b', 'b')]),
  });
  expect(problems).toEqual([expect.stringContaining('but shut-b do not assign public addresses')]);
});

it('wants a public subnet for the load balancer where there is to be one, and only there', async () => {
  const parts = { ...usual, subnets: privateOnes };
  expect((await find({ parts })).problems).toEqual([expect.stringContaining('no public subnet for the load balancer')]);
  expect((await find({ parts, needsPublicSubnet: false })).problems).toEqual([]);
});

it('knows the CIDRs of the VPC, those added later among them, and not those that are going', async () => {
  const association = (CidrBlock: string, State: 'associated' | 'disassociating') => ({
    CidrBlock,
    CidrBlockState: { State },
  });
  const associations = [
    association('10.0.0.0/16', 'associated'),
    association('100.64.0.0/16', 'associated'),
    association('10.7.0.0/16', 'disassociating'),
  ];
  const { found } = await find({ vpcs: [{ ...vpc('vpc-1', 'main'), CidrBlockAssociationSet: associations }] });
  expect(found?.cidrs).toEqual(['10.0.0.0/16', '100.64.0.0/16']);
  expect((await find()).found?.cidrs).toEqual(['10.0.0.0/16']);
});

it('lists all that is wrong at once', async () => {
  const parts = { ...usual, subnets: privateOnes };
  const { problems } = await find({ parts, dns: { support: true, hostnames: false } });
  expect(problems.map((problem) => problem.split(' ')[0])).toEqual(['vpc-unusable', 'vpc-unusable']);
});

it('takes several instance types only with one kind of processor, and in zones that have them all', async () => {
  const { problems, nodes } = await find({ instanceTypes: ['m5.large', 'm7g.large'] });
  expect(problems).toEqual([
    expect.stringContaining('the instance types have different processors: m7g.large arm64, m5.large x86_64'),
  ]);
  expect(nodes).toEqual([]);
});
