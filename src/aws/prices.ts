/** List prices of what a fleet is made of, in USD, each with its day and source; what is not known here is undefined. */
import { instancePrice } from './instance-prices.js';

/** Hours of a month as AWS's own calculator counts them. */
export const hoursPerMonth = 730;

/** Where prices come from, and on which day they were read or published. */
export interface PriceSource {
  /** ISO day, or month where only that is known. */
  readonly asOf: string;
  readonly source: string;
}

/** A price with what it rests on. All prices are without tax, discounts and free tiers. */
export interface Price extends PriceSource {
  readonly usd: number;
  readonly per: 'hour' | 'GiB-month';
}

/** Whether a cluster's Kubernetes version is in standard or in extended support. */
export type Support = 'standard' | 'extended';

const eksPrices: PriceSource = {
  asOf: '2026-10-04',
  source: 'AWS price list of us-west-2, as quoted on that day; AWS names one price for all regions (Containers Blog)',
};
const infracost: PriceSource = {
  asOf: '2026-08-21',
  source: 'infracost, expected results of its tests against the AWS Pricing API',
};

function priceList(asOf: string): PriceSource {
  return { asOf, source: 'AWS price list of the region, as quoted on that day' };
}

/** gp3 storage; regions whose price could not be confirmed are left out. */
const disks: ReadonlyMap<string, PriceSource & { readonly usd: number }> = new Map([
  ['us-east-1', { usd: 0.08, ...infracost }],
  ['us-east-2', { usd: 0.08, ...priceList('2023-03-01') }],
  ['us-west-2', { usd: 0.08, ...priceList('2026-10-04') }],
  ['eu-west-1', { usd: 0.088, ...priceList('2026-05-01') }],
  ['eu-central-1', { usd: 0.0952, ...priceList('2026-09-03') }],
  ['ap-northeast-1', { usd: 0.096, ...priceList('2026-09-10') }],
]);

/** Network Load Balancers; regions whose price could not be confirmed are left out. */
const loadBalancers: ReadonlyMap<string, PriceSource & { readonly usd: number }> = new Map([
  ['us-east-1', { usd: 0.0225, ...infracost }],
  ['ap-northeast-1', { usd: 0.0243, ...priceList('2026-10-16') }],
  ['ap-northeast-2', { usd: 0.0225, ...priceList('2026-10-01') }],
  ['af-south-1', { usd: 0.03, ...priceList('2026-08-31') }],
]);

/** Of one EKS control plane; the same in all regions of partition `aws`, not known in others. */
export function clusterPrice(region: string, support: Support): Price | undefined {
  if (!isCommercial(region)) return undefined;
  return { usd: support === 'standard' ? 0.1 : 0.6, per: 'hour', ...eksPrices };
}

/** Of one Linux node on demand. */
export function nodePrice(region: string, instanceType: string): Price | undefined {
  const found = instancePrice(region, instanceType);
  return found === undefined ? undefined : { ...found, per: 'hour' };
}

/** Of gp3 storage within its first 3000 IOPS and 125 MB/s. */
export function diskPrice(region: string): Price | undefined {
  const found = disks.get(region);
  return found === undefined ? undefined : { ...found, per: 'GiB-month' };
}

/** Of a Network Load Balancer without its traffic: NLCUs are extra. */
export function loadBalancerPrice(region: string): Price | undefined {
  const found = loadBalancers.get(region);
  return found === undefined ? undefined : { ...found, per: 'hour' };
}

/** Of one public IPv4 address, in use or idle (charged since 2024-02-01); not known outside of partition `aws`. */
export function publicAddressPrice(region: string): Price | undefined {
  return isCommercial(region) ? { usd: 0.005, per: 'hour', ...priceList('2026-10-16') } : undefined;
}

/** Partition `aws`: the names of all other partitions' regions begin with one of these. */
function isCommercial(region: string): boolean {
  return !/^(cn|us-gov|us-iso|us-isob|eu-isoe|us-isof|eusc)-/.test(region);
}
