/** Where a subnet's traffic to the internet goes, as EC2 decides it. */
import type { RegionState, RouteTableState, SubnetState } from '../state.js';

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
