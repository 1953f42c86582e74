/** List prices of a fleet's resources in USD, each with its date and source; unknown prices are undefined. */
import { instancePrices, publishedOn, readFrom, regionPrices } from './price-table.js';

/** Hours per month, as in AWS's own calculator. */
export const hoursPerMonth = 730;

/** A price with its source. Prices exclude tax, discounts and free tiers. */
export interface Price {
  readonly usd: number;
  readonly per: 'hour' | 'GiB-month';
  /** ISO date on which AWS published it. */
  readonly asOf: string;
  readonly source: string;
}

/** Whether a cluster's Kubernetes version is in standard or in extended support. */
export type Support = 'standard' | 'extended';

/** The date of the price table (ISO). */
export const pricesAsOf = publishedOn;

/** The two prices below are the same in all regions of the table, GovCloud included; AWS publishes them by service. */
const eksList = { asOf: '2025-10-28', source: 'AWS public price list of Amazon EKS, the same in every region' };
const vpcList = { asOf: '2025-11-04', source: 'AWS public price list of Amazon VPC, the same in every region' };
const table = { asOf: publishedOn, source: readFrom };

const byRegion = rowsOf(regionPrices);
const byType = rowsOf(instancePrices);
const regions = [...byRegion.keys()];

/** The regions of the table: those of partitions `aws` and `aws-us-gov`, sorted by name. */
export function pricedRegions(): readonly string[] {
  return regions;
}

/** Price of an EKS control plane per hour; extended support costs 0.50 more. */
export function clusterPrice(region: string, support: Support): Price | undefined {
  return byRegion.has(region) ? { usd: support === 'standard' ? 0.1 : 0.6, per: 'hour', ...eksList } : undefined;
}

/** Price of an On-Demand Linux node per hour; also undefined for a type that the region does not offer. */
export function nodePrice(region: string, instanceType: string): Price | undefined {
  return priced(byType.get(instanceType), regions.indexOf(region), 'hour');
}

/** Price of gp3 storage per GiB per month, within its first 3000 IOPS and 125 MB/s. */
export function diskPrice(region: string): Price | undefined {
  return priced(byRegion.get(region), 0, 'GiB-month');
}

/** Price of a NAT gateway per hour, without traffic. */
export function natGatewayPrice(region: string): Price | undefined {
  return priced(byRegion.get(region), 1, 'hour');
}

/** Price of a Network Load Balancer per hour, without traffic: NLCUs are extra. */
export function loadBalancerPrice(region: string): Price | undefined {
  return priced(byRegion.get(region), 2, 'hour');
}

/** Price of a public IPv4 address per hour, in use or idle (charged since 2024-02-01). */
export function publicAddressPrice(region: string): Price | undefined {
  return byRegion.has(region) ? { usd: 0.005, per: 'hour', ...vpcList } : undefined;
}

/** The first word of a line and the prices after it, which are split only when one of them is needed. */
function rowsOf(text: string): ReadonlyMap<string, string> {
  const lines = text.trim().split('\n');
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]));
}

function priced(row: string | undefined, column: number, per: Price['per']): Price | undefined {
  const usd = Number(row?.split(' ')[column]);
  return Number.isNaN(usd) ? undefined : { usd, per, ...table };
}
