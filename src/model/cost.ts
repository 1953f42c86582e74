/** The cost of a running fleet, line by line, from list prices; pure. */
import {
  clusterPrice,
  diskPrice,
  hoursPerMonth,
  loadBalancerPrice,
  natGatewayPrice,
  nodePrice,
  type Price,
  pricesAsOf,
  publicAddressPrice,
  type Support,
} from '../aws/prices.js';
import { counted } from '../errors/counted.js';
import { clustersOf, type Fleet, type FleetCluster } from '../fleet/fleet.js';
import { nodeFormOf, usualVolumeSize } from '../fleet/settings/node-form.js';
import { clusterKey, type Facts, networkOf } from './facts.js';

/** Members of Karmada's etcd. */
const etcdMembers = 3;

/** Size of the volume of each, in GiB (`kubectl karmada init` 1.18.2, its default). */
export const etcdVolumeGib = 5;

/** One kind of thing in one region. */
export interface CostLine {
  /** e.g. `node m5.large`. */
  readonly item: string;
  readonly region: string;
  readonly count: number;
  /** Of one hour of one thing, or of one GiB for a month; undefined: not in the table. */
  readonly price: Price | undefined;
  /** Size of each thing in GiB, for what is paid by size. */
  readonly gibEach?: number;
  /** USD for all of them; undefined: the price is not in the table. */
  readonly usdPerHour: number | undefined;
  /** USD for 730 hours. */
  readonly usdPerMonth: number | undefined;
}

/** Nodes of one node group. */
export interface Machines {
  /** One of these each; which one is not known beforehand. */
  readonly instanceTypes: readonly string[];
  /** Spot Instances, which cost at most as much as On-Demand ones. */
  readonly spot?: boolean;
  readonly count: number;
  /** Of the disk of each, in GiB. */
  readonly diskGib: number;
}

/** The nodes that a fleet requests for a cluster. */
export function machinesFor(fleet: Fleet, cluster: FleetCluster): Machines {
  const { volumeSize: diskGib = usualVolumeSize, spot = false } = nodeFormOf(fleet, cluster);
  return { instanceTypes: fleet.instanceTypes, spot, count: fleet.nodes, diskGib };
}

/** The nodes of clusters that are there, by `clusterKey`; what a fleet requests counts for all others. */
export type MachinesThere = ReadonlyMap<string, readonly Machines[]>;

/** USD at list prices, without tax, discounts and traffic. */
export interface TotalCost {
  /** Of what has a known price. */
  readonly usdPerHour: number;
  readonly usdPerMonth: number;
  /** Whether that is the most that it may be: the type of nodes is not known beforehand, or they are Spot Instances. */
  readonly atMost?: boolean;
  /** What is in neither. */
  readonly unknown: readonly string[];
}

/** The cost of a fleet, line by line. */
export interface FleetCost extends TotalCost {
  readonly lines: readonly CostLine[];
  /** The day of the table of prices (ISO); each line's price has its own. */
  readonly asOf: string;
  /** What is not in the lines, one sentence each. */
  readonly notes: readonly string[];
  /** The same in a word or two each. */
  readonly excluded: readonly string[];
}

/** What is not in the lines. */
interface Omission {
  readonly what: string;
  readonly note: string;
}

/** Everything that the fleet adds to the account's bill; clusters that were there before are paid for already. */
export function fleetCost(fleet: Fleet, facts: Facts, there: MachinesThere = new Map()): FleetCost {
  const clusters = clustersOf(fleet);
  const made = clusters.filter((cluster) => facts.ownership.get(clusterKey(cluster)) !== 'existing');
  const existing = clusters.length - made.length;
  return summed(
    [...clusterLines(fleet, facts, made, there), ...parentLines(fleet, facts), ...natLines(fleet, facts)],
    [...alwaysOmitted(fleet), ...omittedHere(fleet, existing)],
  );
}

function alwaysOmitted({ parent, ownVpc }: Fleet): readonly Omission[] {
  return [
    {
      what: 'traffic',
      note: 'traffic is not included: load balancer capacity units (NLCU), NAT gateways, between zones and between regions',
    },
    ...(ownVpc === undefined ? [{ what: 'NAT gateways', note: natNote(parent.region) }] : []),
  ];
}

function omittedHere(fleet: Fleet, existing: number): readonly Omission[] {
  const { controlPlaneLogs, former } = fleet;
  const clusters = counted(existing, 'existing cluster');
  const members = counted(former.length, 'former member');
  const logs = 'control-plane logs';
  return [
    ...(controlPlaneLogs.length > 0
      ? [
          {
            what: logs,
            note: `${logs} are not included: CloudWatch charges per GB, and an audit log alone is some GB per month`,
          },
        ]
      : []),
    ...(existing > 0 ? [{ what: clusters, note: `not included: ${clusters} with nodes, already paid for` }] : []),
    ...(clustersOf(fleet).some((cluster) => (fleet.clusterConfigPatch ?? cluster.clusterConfigPatch) !== undefined)
      ? [{ what: 'the patch', note: 'what the cluster config patch adds is not included' }]
      : []),
    ...(clustersOf(fleet).some((cluster) => nodeFormOf(fleet, cluster).spot)
      ? [
          {
            what: 'what Spot Instances save',
            note: 'Spot prices vary: shown is the price of On-Demand Instances, which is the most they can cost',
          },
        ]
      : []),
    ...(clustersOf(fleet).some((cluster) => nodeFormOf(fleet, cluster).amiFamily?.startsWith('Bottlerocket'))
      ? [
          {
            what: 'Bottlerocket’s own disks',
            note: 'Bottlerocket’s own disk, a few GiB for each node, is not included',
          },
        ]
      : []),
    ...(former.length > 0
      ? [{ what: members, note: `not included: ${members}, until down or unjoin --delete-cluster` }]
      : []),
  ];
}

/** The fleet creates none, but nodes in private subnets need them. */
function natNote(region: string): string {
  const price = natGatewayPrice(region);
  const each = price === undefined ? 'its price' : `${price.usd} USD per hour plus traffic`;
  return `existing NAT gateways (${each} each) are not included; none are created`;
}

/** The cost of the member clusters still to be created; undefined if there are none. */
export function newMembersCost(fleet: Fleet, facts: Facts): FleetCost | undefined {
  const absent = clustersOf(fleet).filter((cluster) => facts.ownership.get(clusterKey(cluster)) === 'absent');
  return absent.length === 0 ? undefined : summed(clusterLines(fleet, facts, absent), []);
}

/** What clusters of the fleet cost that are kept, while their version is in standard support. */
export function remainingCost(fleet: Fleet, clusters: readonly FleetCluster[]): FleetCost {
  const what = 'public addresses of nodes';
  const lines = byRegion(clusters).flatMap(([region, inRegion]) =>
    machineLines(
      'standard',
      region,
      inRegion.length,
      inRegion.map((cluster) => machinesFor(fleet, cluster)),
    ),
  );
  return summed(lines, [{ what, note: `${what} are not included` }]);
}

function summed(lines: readonly CostLine[], omitted: readonly Omission[]): FleetCost {
  const sum = (values: readonly (number | undefined)[]): number => values.reduce<number>((a, b) => a + (b ?? 0), 0);
  return {
    lines,
    usdPerHour: roundUsd(sum(lines.map(({ usdPerHour }) => usdPerHour))),
    usdPerMonth: roundUsd(sum(lines.map(({ usdPerMonth }) => usdPerMonth))),
    ...(lines.some(({ item }) => item.endsWith(atMost)) ? { atMost: true } : {}),
    unknown: lines.flatMap(({ item, region, price }) => (price === undefined ? [`${item} in ${region}`] : [])),
    asOf: pricesAsOf,
    notes: omitted.map(({ note }) => note),
    excluded: omitted.map(({ what }) => what),
  };
}

function clusterLines(
  fleet: Fleet,
  facts: Facts,
  clusters: readonly FleetCluster[],
  there: MachinesThere = new Map(),
): readonly CostLine[] {
  const machinesOf = (cluster: FleetCluster): readonly Machines[] =>
    there.get(clusterKey(cluster)) ?? [machinesFor(fleet, cluster)];
  return byRegion(clusters).flatMap(([region, inRegion]) => {
    const open = inRegion.filter((cluster) => !networkOf(facts, cluster).nodesArePrivate);
    const addresses = sizeOf(open.flatMap(machinesOf));
    return [
      ...machineLines(facts.kubernetesSupport, region, inRegion.length, inRegion.flatMap(machinesOf)),
      ...(addresses > 0 ? [line('public IPv4 of a node', region, addresses, publicAddressPrice(region))] : []),
    ];
  });
}

/** The cost of clusters of one region with their nodes; one line for each type. */
function machineLines(
  support: Support,
  region: string,
  clusters: number,
  machines: readonly Machines[],
): readonly CostLine[] {
  const kinds = [...new Set(machines.map(nodeItem))];
  const sizes = [...new Set(machines.map(({ diskGib }) => diskGib))];
  const ofSize = (gib: number): number => sizeOf(machines.filter(({ diskGib }) => diskGib === gib));
  return [
    line(`EKS cluster, ${support}`, region, clusters, clusterPrice(region, support)),
    ...kinds.map((item) => {
      const alike = machines.filter((each) => nodeItem(each) === item);
      return line(item, region, sizeOf(alike), highestPrice(region, alike[0]?.instanceTypes ?? []));
    }),
    ...sizes.map((gib) => line(`node disk, ${gib} GiB gp3`, region, ofSize(gib), diskPrice(region), gib)),
  ].filter(({ count }) => count > 0);
}

/** At the end of an item. */
const atMost = ', at most';

/** e.g. `node m5.large`, or `node m5.large or m6i.large, Spot, at most` where the price is the highest that there may be. */
function nodeItem({ instanceTypes, spot }: Machines): string {
  const types = `node ${instanceTypes.join(' or ')}${spot ? ', Spot' : ''}`;
  return spot || instanceTypes.length > 1 ? `${types}${atMost}` : types;
}

/** On-Demand, of the dearest type; undefined where one of them has no known price. */
export function highestPrice(region: string, instanceTypes: readonly string[]): Price | undefined {
  const prices = instanceTypes.map((type) => nodePrice(region, type));
  if (prices.includes(undefined)) return undefined;
  return prices.toSorted((a, b) => (b?.usd ?? 0) - (a?.usd ?? 0))[0];
}

function sizeOf(machines: readonly Machines[]): number {
  return machines.reduce((sum, { count }) => sum + count, 0);
}

/** What Karmada itself needs, in the parent's region. */
function parentLines({ parent, internal }: Fleet, facts: Facts): readonly CostLine[] {
  const { region } = parent;
  const zones = networkOf(facts, parent).public.length;
  return [
    line(`etcd volume, ${etcdVolumeGib} GiB gp3`, region, etcdMembers, diskPrice(region), etcdVolumeGib),
    line('Network Load Balancer', region, 1, loadBalancerPrice(region)),
    ...(internal ? [] : [line('IPv4 of load balancer', region, zones, publicAddressPrice(region))]),
  ];
}

/** Of the VPC that the fleet makes; all others are paid for already. */
function natLines({ parent, ownVpc }: Fleet, facts: Facts): readonly CostLine[] {
  if (ownVpc === undefined) return [];
  const { region } = parent;
  const count = networkOf(facts, parent).allNatAddresses.length;
  return [
    line('NAT gateway', region, count, natGatewayPrice(region)),
    line('IPv4 of NAT gateway', region, count, publicAddressPrice(region)),
  ];
}

function line(item: string, region: string, count: number, price: Price | undefined, gibEach?: number): CostLine {
  const perHour = price === undefined ? undefined : hourly(price, (gibEach ?? 1) * count);
  return {
    item,
    region,
    count,
    price,
    ...(gibEach === undefined ? {} : { gibEach }),
    usdPerHour: perHour === undefined ? undefined : roundUsd(perHour),
    usdPerMonth: perHour === undefined ? undefined : roundUsd(perHour * hoursPerMonth),
  };
}

/** USD per hour for so many things, or so many GiB. */
export function hourly({ usd, per }: Price, count: number): number {
  return per === 'hour' ? usd * count : (usd * count) / hoursPerMonth;
}

/** Without the noise that floating point leaves in the last digits. */
export function roundUsd(usd: number): number {
  return Number(usd.toFixed(6));
}

function byRegion(clusters: readonly FleetCluster[]): readonly (readonly [string, readonly FleetCluster[]])[] {
  const regions = [...new Set(clusters.map(({ region }) => region))];
  return regions.map((region) => [region, clusters.filter((each) => each.region === region)]);
}
