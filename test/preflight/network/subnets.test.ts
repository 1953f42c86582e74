/** What a subnet is, told from its route table, for many layouts of VPCs. */
import { expect, it } from 'vitest';
import type { RouteTable, Subnet } from '../../../src/aws/ec2/ec2.js';
import type { ClassifiedSubnet } from '../../../src/model/facts.js';
import { classifySubnets, onePerZone } from '../../../src/preflight/network/subnets.js';
import { internet, nat, outTo, subnet, table, vpcParts } from './vpc-parts.js';

const gateways = [nat('nat-ok'), nat('nat-gone', 'deleted'), nat('nat-new', 'pending'), nat('nat-bad', 'failed')];

/** The kind of subnet `s`, with its NAT gateway when it has one. */
function kindOf(routeTables: readonly RouteTable[], more: Partial<Subnet> = {}): string {
  const parts = vpcParts({ subnets: [subnet('s', 'a', more)], routeTables, natGateways: gateways });
  const [found] = classifySubnets(parts).usable;
  return [found?.kind, found?.natGateway].filter(Boolean).join(' ');
}

const bpa = (InternetGatewayBlockMode: 'off' | 'block-bidirectional' | 'block-ingress'): Partial<Subnet> => ({
  BlockPublicAccessStates: { InternetGatewayBlockMode },
});

it.each<[string, readonly RouteTable[], string, Partial<Subnet>?]>([
  ['an internet gateway', [table(['s'], internet)], 'public'],
  ['an internet gateway, but no public addresses', [table(['s'], internet)], 'public', { MapPublicIpOnLaunch: false }],
  [
    'a NAT gateway, though it assigns public addresses',
    [table(['s'], outTo({ NatGatewayId: 'nat-ok' }))],
    'private nat-ok',
    { MapPublicIpOnLaunch: true },
  ],
  ['no default route', [table(['s'])], 'isolated'],
  ['no route table at all', [], 'isolated'],
  ['the main table, having none of its own', [table(['other']), table('main', internet)], 'public'],
  [
    'its own table rather than the main one',
    [table('main', internet), table(['s'], outTo({ NatGatewayId: 'nat-ok' }))],
    'private nat-ok',
  ],
  ['its own table without a way out, whatever the main one has', [table('main', internet), table(['s'])], 'isolated'],
  ['a table shared with others', [table(['x', 's', 'y'], internet)], 'public'],
  ['a black hole', [table(['s'], outTo({ GatewayId: 'igw-1', State: 'blackhole' }))], 'isolated'],
  ['a NAT gateway that was deleted', [table(['s'], outTo({ NatGatewayId: 'nat-gone' }))], 'isolated'],
  ['a NAT gateway that is not there yet', [table(['s'], outTo({ NatGatewayId: 'nat-new' }))], 'isolated'],
  ['a NAT gateway that failed', [table(['s'], outTo({ NatGatewayId: 'nat-bad' }))], 'isolated'],
  ['a NAT gateway that EC2 does not list', [table(['s'], outTo({ NatGatewayId: 'nat-other' }))], 'private nat-other'],
  ['a transit gateway', [table(['s'], outTo({ TransitGatewayId: 'tgw-1' }))], 'private'],
  ['a NAT instance', [table(['s'], outTo({ InstanceId: 'i-1', NetworkInterfaceId: 'eni-1' }))], 'private'],
  ['a virtual private gateway', [table(['s'], outTo({ GatewayId: 'vgw-1' }))], 'private'],
  ['a firewall endpoint', [table(['s'], outTo({ GatewayId: 'vpce-1' }))], 'private'],
  ['a core network', [table(['s'], outTo({ CoreNetworkArn: 'arn:aws:networkmanager::1:core-network/c' }))], 'private'],
  [
    'IPv6 only',
    [table(['s'], { DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: 'eigw-1', State: 'active' })],
    'isolated',
  ],
  [
    'a part of the internet only',
    [table(['s'], { DestinationCidrBlock: '0.0.0.0/1', GatewayId: 'igw-1', State: 'active' })],
    'isolated',
  ],
  ['a route without a target', [table(['s'], outTo({}))], 'isolated'],
  ['an internet gateway behind block-public-access', [table(['s'], internet)], 'isolated', bpa('block-bidirectional')],
  ['an internet gateway closed inwards', [table(['s'], internet)], 'isolated', bpa('block-ingress')],
  ['an internet gateway with block-public-access off', [table(['s'], internet)], 'public', bpa('off')],
])('routes to %s', (_, tables, expected, more = {}) => {
  expect(kindOf(tables, more)).toBe(expected);
});

it.each<[string, Partial<Subnet>, string]>([
  ['is still being made', { State: 'pending' }, 'is pending'],
  ['has an unknown state', { State: undefined }, 'is in an unknown state'],
  ['is on an Outpost', { OutpostArn: 'arn:aws:outposts:eu-west-1:1:outpost/op-1' }, 'is on an Outpost'],
  ['has no IPv4', { Ipv6Native: true }, 'is IPv6-only'],
  ['is in a local zone', { AvailabilityZone: 'eu-west-1-mad-1a' }, 'is in a local-zone'],
  ['is where EKS does not go (Virginia)', { AvailabilityZoneId: 'use1-az3' }, 'is in use1-az3, which EKS denies'],
  ['is where EKS does not go (California)', { AvailabilityZoneId: 'usw1-az2' }, 'is in usw1-az2, which EKS denies'],
  ['is where EKS does not go (Montreal)', { AvailabilityZoneId: 'cac1-az3' }, 'is in cac1-az3, which EKS denies'],
  ['is full', { AvailableIpAddressCount: 0 }, 'has 0 free addresses; EKS requires 6'],
  ['is nearly full', { AvailableIpAddressCount: 5 }, 'has 5 free addresses; EKS requires 6'],
])('leaves out a subnet that %s, and reports why', (_, more, why) => {
  const parts = vpcParts({ subnets: [subnet('s', 'a', more)], routeTables: [table('main', internet)] });
  expect(classifySubnets(parts)).toEqual({ usable: [], leftOut: [{ id: 's', why }] });
});

it('takes a subnet with just enough addresses, and one whose zone EC2 does not describe', () => {
  const subnets = [subnet('s', 'a', { AvailableIpAddressCount: 6 }), subnet('t', 'x')];
  expect(classifySubnets(vpcParts({ subnets })).usable.map(({ id }) => id)).toEqual(['s', 't']);
});

it('an empty Outpost ARN is none', () => {
  expect(classifySubnets(vpcParts({ subnets: [subnet('s', 'a', { OutpostArn: '' })] })).leftOut).toEqual([]);
});

const some = (id: string, zone: string, more: Partial<ClassifiedSubnet> = {}): ClassifiedSubnet => {
  return { id, zone, kind: 'private', freeAddresses: 100, mapPublicIp: false, natGateway: undefined, ...more };
};

it.each<[string, readonly ClassifiedSubnet[], readonly string[]]>([
  [
    'the one with most free addresses',
    [some('s1', 'a', { freeAddresses: 9 }), some('s2', 'a'), some('s3', 'a', { freeAddresses: 99 })],
    ['s2'],
  ],
  ['the lowest id when they are equal', [some('s3', 'a'), some('s1', 'a'), some('s2', 'a')], ['s1']],
  ['one a zone, by zone', [some('s1', 'c'), some('s2', 'a'), some('s3', 'b')], ['s2', 's3', 's1']],
  [
    'only the kind wanted',
    [some('s1', 'a', { kind: 'public' }), some('s2', 'b', { kind: 'isolated' }), some('s3', 'c')],
    ['s3'],
  ],
])('chooses %s', (_, subnets, ids) => {
  expect(onePerZone(subnets, 'private').map(({ id }) => id)).toEqual(ids);
  expect(onePerZone(subnets.toReversed(), 'private').map(({ id }) => id)).toEqual(ids);
});

it('prefers public subnets that give addresses, and private ones by room alone', () => {
  const [giving, roomy] = [some('giving', 'a', { mapPublicIp: true, freeAddresses: 10 }), some('roomy', 'a')];
  const asPublic = [giving, roomy].map((each) => ({ ...each, kind: 'public' as const }));
  expect(onePerZone(asPublic, 'public').map(({ id }) => id)).toEqual(['giving']);
  expect(onePerZone([giving, roomy], 'private').map(({ id }) => id)).toEqual(['roomy']);
});
