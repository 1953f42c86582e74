/** Whether subnets lead to another network, by the routes that they have. */
import { expect, it } from 'vitest';
import type { Network } from '../../../src/model/facts.js';
import { leadsTo, waysOf } from '../../../src/preflight/network/connections.js';
import { subnet, table } from './vpc-parts.js';

type Route = NonNullable<ReturnType<typeof table>['Routes']>[number];

const tgw = (DestinationCidrBlock: string, State: Route['State'] = 'active'): Route => ({
  DestinationCidrBlock,
  TransitGatewayId: 'tgw-1',
  State,
});

/** A network with subnets `a` and `b`, each with these routes. */
function network(ofA: readonly Route[], ofB: readonly Route[] = ofA): Network {
  const tables = [
    { ...table(['a']), Routes: [...ofA] },
    { ...table(['b']), Routes: [...ofB] },
  ];
  const ways = new Map(['a', 'b'].map((id) => [id, waysOf(subnet(id, 'z'), tables)]));
  const place = { zone: 'z', kind: 'private', freeAddresses: 250, mapPublicIp: false, natGateway: undefined } as const;
  const subnets = ['a', 'b'].map((id) => ({ id, ...place }));
  return { public: [], private: subnets, ways } as unknown as Network;
}

const asked = '10.99.1.0/24';

it.each<[string, Network, 'yes' | 'unknown' | 'no']>([
  ['no route', network([]), 'no'],
  ['nothing that was read', { public: [], private: [] } as unknown as Network, 'no'],
  ['a transit gateway to a network around it', network([tgw('10.99.0.0/16')]), 'yes'],
  ['a transit gateway to all', network([tgw('0.0.0.0/0')]), 'yes'],
  ['one to a part of it only', network([tgw('10.99.1.0/25')]), 'no'],
  ['a route of one subnet only', network([tgw('10.99.0.0/16')], []), 'no'],
  ['a black hole', network([tgw('10.99.0.0/16', 'blackhole')]), 'no'],
  ['a narrower black hole', network([tgw('10.0.0.0/8'), tgw('10.99.0.0/16', 'blackhole')]), 'no'],
  [
    'a narrower way to the internet',
    network([tgw('0.0.0.0/0'), { DestinationCidrBlock: '10.0.0.0/8', GatewayId: 'igw-1', State: 'active' }]),
    'no',
  ],
  ['a NAT gateway', network([{ DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1', State: 'active' }]), 'no'],
  ['a VPN gateway', network([{ DestinationCidrBlock: '10.99.0.0/16', GatewayId: 'vgw-1', State: 'active' }]), 'yes'],
  [
    'a peering',
    network([{ DestinationCidrBlock: '10.99.0.0/16', VpcPeeringConnectionId: 'pcx-1', State: 'active' }]),
    'yes',
  ],
  [
    'a prefix list',
    network([{ DestinationPrefixListId: 'pl-1', TransitGatewayId: 'tgw-1', State: 'active' }]),
    'unknown',
  ],
  [
    'a prefix list of AWS’s own',
    network([{ DestinationPrefixListId: 'pl-1', GatewayId: 'vpce-1', State: 'active' }]),
    'no',
  ],
])('%s', (_what, given, expected) => {
  expect(leadsTo(given, asked)).toBe(expected);
});

it('asks the named subnets only', () => {
  expect(leadsTo(network([tgw('10.99.0.0/16')], []), asked, ['a'])).toBe('yes');
  expect(leadsTo(network([tgw('10.99.0.0/16')], []), asked, ['b'])).toBe('no');
});
