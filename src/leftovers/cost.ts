/** The hourly cost of leftovers, from list prices; pure. Unknown prices are undefined. */
import {
  clusterPrice,
  diskPrice,
  hoursPerMonth,
  loadBalancerPrice,
  natGatewayPrice,
  type Price,
  publicAddressPrice,
} from '../aws/prices.js';
import { highestPrice, hourly, type Machines, roundUsd, type TotalCost } from '../model/cost.js';
import type { Leftover } from './leftover.js';

/** What is left, summed. */
export function leftoverCost(left: readonly Leftover[]): TotalCost {
  const usdPerHour = roundUsd(left.reduce((sum, each) => sum + (each.usdPerHour ?? 0), 0));
  return {
    usdPerHour,
    usdPerMonth: monthOf(usdPerHour),
    unknown: left.flatMap((each) => (each.usdPerHour === undefined ? [`${each.kind} ${each.name}`] : [])),
  };
}

/** Of 730 hours. */
export function monthOf(usdPerHour: number): number {
  return roundUsd(usdPerHour * hoursPerMonth);
}

/** Only gp3 has a price in the table. */
export function volumeUsd(region: string, type: string | undefined, gib: number | undefined): number | undefined {
  return type === 'gp3' && gib !== undefined ? perHour(diskPrice(region), gib) : undefined;
}

/** Of a Network Load Balancer with so many public addresses, without its traffic. */
export function balancerUsd(region: string, type: string, addresses: number): number | undefined {
  const parts = [
    perHour(loadBalancerPrice(region)),
    addresses === 0 ? 0 : perHour(publicAddressPrice(region), addresses),
  ];
  return type === 'network' ? sum(parts) : undefined;
}

/** Of so many NAT gateways with an address each, without their traffic. */
export function natUsd(region: string, count: number): number | undefined {
  return count === 0 ? 0 : sum([perHour(natGatewayPrice(region), count), perHour(publicAddressPrice(region), count)]);
}

/** Of a control plane in standard support and its nodes with their disks, at the highest price that they may have. */
export function clusterUsd(region: string, groups: readonly Machines[]): number | undefined {
  return sum([
    perHour(clusterPrice(region, 'standard')),
    ...groups.flatMap(({ instanceTypes, count, diskGib }) =>
      count === 0
        ? []
        : [perHour(highestPrice(region, instanceTypes), count), perHour(diskPrice(region), count * diskGib)],
    ),
  ]);
}

function perHour(price: Price | undefined, count = 1): number | undefined {
  return price === undefined ? undefined : hourly(price, count);
}

/** A sum without all its parts would be too low. */
function sum(parts: readonly (number | undefined)[]): number | undefined {
  const known = parts.flatMap((part) => part ?? []);
  return known.length === parts.length ? roundUsd(known.reduce((a, b) => a + b, 0)) : undefined;
}
