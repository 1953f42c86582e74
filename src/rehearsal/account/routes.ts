/** Where a subnet's traffic to the internet goes, as EC2 decides it. */

import type { RegionState, RouteTableState, SubnetState } from '../state.js';
import { admitsNetwork } from './ranges.js';

/** The route table of a subnet: the one associated with it, else its VPC's main table. */
function routeTableOf(region: RegionState, subnet: SubnetState): RouteTableState | undefined {
  return (
    region.routeTables.find((table) => table.subnetIds.includes(subnet.id)) ??
    region.routeTables.find((table) => table.vpcId === subnet.vpcId && table.main)
  );
}

/** What an active default route leads to, e.g. `igw-…` or `nat-…`; undefined when the subnet has none. */
export function defaultRouteTarget(region: RegionState, subnet: SubnetState): string | undefined {
  const routes = routeTableOf(region, subnet)?.routes ?? [];
  return routes.find((route) => route.destination === '0.0.0.0/0' && route.state === 'active')?.target;
}

/** What leads to other networks: peerings, transit gateways and VPN gateways. */
const connections = /^(?:pcx|tgw|vgw)-/;

/** Whether all of these subnets lead to a network through a connection: of several routes the narrowest counts. */
export function leadsInto(region: RegionState | undefined, subnetIds: readonly string[], network: string): boolean {
  const subnets = region?.subnets.filter(({ id }) => subnetIds.includes(id)) ?? [];
  return (
    region !== undefined &&
    subnets.length > 0 &&
    subnets.every((subnet) => {
      const fitting = routeTableOf(region, subnet)?.routes.filter(({ destination }) =>
        admitsNetwork([destination], network),
      );
      const narrowest = fitting?.toSorted((a, b) => widthOf(b.destination) - widthOf(a.destination))[0];
      return narrowest?.state === 'active' && connections.test(narrowest.target);
    })
  );
}

function widthOf(destination: string): number {
  return Number(destination.split('/')[1]);
}
