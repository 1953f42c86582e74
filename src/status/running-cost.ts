/** What a fleet costs as it is: its clusters with the nodes that are there, whatever was requested, and what Karmada has. */
import {
  clusterPrice,
  diskPrice,
  hoursPerMonth,
  loadBalancerPrice,
  natGatewayPrice,
  nodePrice,
  type Price,
  publicAddressPrice,
} from '../aws/prices.js';
import { etcdVolumeGib, hourly, roundUsd, type TotalCost } from '../model/cost.js';
import { type ClusterStatus, placeOfCluster } from './cluster-status.js';

/** What of Karmada costs by itself. */
export interface KarmadaParts {
  readonly region: string;
  readonly etcdMembers: number;
  /** Its public addresses; undefined: there is no load balancer. */
  readonly loadBalancerAddresses: number | undefined;
  /** Of the VPC that the fleet made, each with an address; not given: none. */
  readonly natGateways?: number;
}

interface Part {
  readonly what: string;
  readonly price: Price | undefined;
  readonly count: number;
}

/** Clusters that existed before the fleet are not counted: they are paid for anyway. `now` is in ms since the epoch. */
export function runningCost(clusters: readonly ClusterStatus[], karmada: KarmadaParts, now: number): TotalCost {
  const there = clusters.filter(({ made }) => made);
  const parts = [...there.flatMap((cluster) => clusterParts(cluster, now)), ...karmadaParts(karmada)];
  const used = parts.filter(({ count }) => count > 0);
  const sum = used.reduce((usd, { price, count }) => usd + (price === undefined ? 0 : hourly(price, count)), 0);
  const unread = [
    ...there.filter(({ machines }) => machines === undefined).map((each) => `nodes of ${each.name}${inOther(each)}`),
    ...clusters.filter(({ status }) => status === 'unknown').map((each) => `EKS cluster ${each.name}${inOther(each)}`),
  ];
  const unpriced = used.filter(({ price }) => price === undefined).map(({ what }) => what);
  return {
    usdPerHour: roundUsd(sum),
    usdPerMonth: roundUsd(sum * hoursPerMonth),
    ...(there.some(({ machines = [] }) => machines.some(({ spot }) => spot)) ? { atMost: true } : {}),
    unknown: [...new Set([...unpriced, ...unread])],
  };
}

function inOther(cluster: ClusterStatus): string {
  return cluster.account === undefined ? '' : ` in ${placeOfCluster(cluster)}`;
}

function clusterParts(
  { region, support, machines = [], publicNodes = 0 }: ClusterStatus,
  now: number,
): readonly Part[] {
  const isExtended = support?.policy === 'EXTENDED' && Date.parse(support.endOfStandard ?? '') <= now;
  const disks = machines.reduce((sum, { count, diskGib }) => sum + count * diskGib, 0);
  return [
    { what: `EKS cluster in ${region}`, price: clusterPrice(region, isExtended ? 'extended' : 'standard'), count: 1 },
    ...machines.map(({ instanceTypes: [instanceType = ''], count }) => ({
      what: `node ${instanceType || 'of unknown type'} in ${region}`,
      price: nodePrice(region, instanceType),
      count,
    })),
    { what: `gp3 in ${region}`, price: diskPrice(region), count: disks },
    { what: `public IPv4 in ${region}`, price: publicAddressPrice(region), count: publicNodes },
  ];
}

function karmadaParts({
  region,
  etcdMembers,
  loadBalancerAddresses: addresses,
  natGateways = 0,
}: KarmadaParts): readonly Part[] {
  const balancers = addresses === undefined ? 0 : 1;
  return [
    { what: `gp3 in ${region}`, price: diskPrice(region), count: etcdMembers * etcdVolumeGib },
    { what: `Network Load Balancer in ${region}`, price: loadBalancerPrice(region), count: balancers },
    { what: `public IPv4 in ${region}`, price: publicAddressPrice(region), count: (addresses ?? 0) + natGateways },
    { what: `NAT gateway in ${region}`, price: natGatewayPrice(region), count: natGateways },
  ];
}
