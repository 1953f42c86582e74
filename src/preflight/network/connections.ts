/** Which other networks the subnets of a cluster lead to: the way of what its control plane answers, and of what its nodes send. */
import type { RouteTable, Subnet } from '../../aws/ec2/ec2.js';
import { contains } from '../../model/cidr.js';
import type { Network, Way } from '../../model/facts.js';
import { routeTableOf } from './subnets.js';

type Route = NonNullable<RouteTable['Routes']>[number];

/** The ways out of a subnet to other places than its VPC and the internet: IPv4 ones, and those to prefix lists, whose ranges are not read. */
export function waysOf(subnet: Subnet, tables: readonly RouteTable[]): readonly Way[] {
  return (routeTableOf(subnet, tables)?.Routes ?? []).flatMap((route) => {
    const to = route.DestinationCidrBlock ?? route.DestinationPrefixListId;
    return to === undefined ? [] : [{ to, connects: route.State === 'active' && isConnection(route) }];
  });
}

/** A virtual private gateway is a `GatewayId`; an instance or interface may be a VPN of one's own. */
function isConnection(route: Route): boolean {
  const { GatewayId = '', TransitGatewayId, VpcPeeringConnectionId, CoreNetworkArn, LocalGatewayId } = route;
  const { NetworkInterfaceId, InstanceId } = route;
  const others = [
    TransitGatewayId,
    VpcPeeringConnectionId,
    CoreNetworkArn,
    LocalGatewayId,
    NetworkInterfaceId,
    InstanceId,
  ];
  return GatewayId.startsWith('vgw-') || others.some(Boolean);
}

/**
 * Whether all these subnets of a network lead to a range, by the narrowest route that fits (VPC User Guide, route priority): those that new
 * clusters use, where none are named. `unknown` where only a prefix list may.
 */
export function leadsTo(
  { ways, public: open, private: closed }: Network,
  range: string,
  subnets: readonly string[] = [...open, ...closed].map(({ id }) => id),
): 'yes' | 'unknown' | 'no' {
  const verdicts = subnets.map((id) => leads(ways?.get(id) ?? [], range));
  if (verdicts.length === 0 || verdicts.includes('no')) return 'no';
  return verdicts.includes('unknown') ? 'unknown' : 'yes';
}

function leads(ways: readonly Way[], range: string): 'yes' | 'unknown' | 'no' {
  const [narrowest] = ways
    .filter(({ to }) => to.includes('/') && contains(to, range))
    .toSorted((one, other) => widthOf(other) - widthOf(one));
  if (narrowest?.connects === true) return 'yes';
  return ways.some(({ to, connects }) => !to.includes('/') && connects) ? 'unknown' : 'no';
}

function widthOf({ to }: Way): number {
  return Number(to.split('/')[1]);
}
