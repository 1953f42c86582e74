/** What EC2 answers about a VPC, for tests: short ways to write subnets, routes and gateways. */
import type { NatGateway, RouteTable, Subnet } from '../../../src/aws/ec2/ec2.js';
import type { VpcParts } from '../../../src/preflight/network/subnets.js';

type Route = NonNullable<RouteTable['Routes']>[number];

/** A subnet in zone `a`, `b`, `c` … of eu-west-1 that has nothing wrong with it. */
export function subnet(id: string, zone: string, more: Partial<Subnet> = {}): Subnet {
  return {
    SubnetId: id,
    AvailabilityZone: `eu-west-1${zone}`,
    AvailabilityZoneId: `euw1-az${zone.codePointAt(0)}`,
    State: 'available',
    AvailableIpAddressCount: 250,
    MapPublicIpOnLaunch: false,
    ...more,
  };
}

/** A route table: `main`, or for the subnets named; its routes follow the local one, which every table has. */
export function table(subnets: 'main' | readonly string[], ...routes: readonly Route[]): RouteTable {
  const associations =
    subnets === 'main'
      ? [{ Main: true, AssociationState: { State: 'associated' as const } }]
      : subnets.map((SubnetId) => ({ Main: false, SubnetId }));
  const local: Route = { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' };
  return { Associations: associations, Routes: [local, ...routes] };
}

/** The default route to something. */
export function outTo(target: Partial<Route>): Route {
  return { DestinationCidrBlock: '0.0.0.0/0', State: 'active', ...target };
}

export const internet = outTo({ GatewayId: 'igw-1' });

export function nat(
  NatGatewayId: string,
  State: NonNullable<NatGateway['State']> = 'available',
  ip = '198.51.100.1',
): NatGateway {
  return { NatGatewayId, State, NatGatewayAddresses: [{ PublicIp: ip }] };
}

/** A VPC; the zones a, b and c exist, and one local zone. */
export function vpcParts(more: Partial<VpcParts>): VpcParts {
  const zone = (ZoneName: string, ZoneType = 'availability-zone') => ({ ZoneName, ZoneType });
  const zones = [zone('eu-west-1a'), zone('eu-west-1b'), zone('eu-west-1c'), zone('eu-west-1-mad-1a', 'local-zone')];
  return { subnets: [], routeTables: [], natGateways: [], zones, ...more };
}
