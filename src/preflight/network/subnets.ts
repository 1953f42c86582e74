/** Classifies the subnets of a VPC by their route tables; auto-assigned addresses say nothing about that. */

import type { AvailabilityZone, NatGateway, RouteTable, Subnet } from '../../aws/ec2/ec2.js';
import type { OwnVpc } from '../../fleet/settings/own-vpc.js';
import type { ClassifiedSubnet } from '../../model/facts.js';
import type { AwsPlace } from '../../world/place.js';

/** Zone ids in which EKS does not put control planes (EKS User Guide, network requirements; eksctl's zoneIDsToAvoid). */
const deniedZoneIds: readonly string[] = ['use1-az3', 'usw1-az2', 'cac1-az3'];

export function canHoldControlPlanes(zoneId: string): boolean {
  return !deniedZoneIds.includes(zoneId);
}

/** EKS wants at least so many free addresses in each subnet (EKS User Guide, network requirements). */
export const leastFreeAddresses = 6;

/** EC2's description of a VPC. */
export interface VpcParts {
  readonly subnets: readonly Subnet[];
  readonly routeTables: readonly RouteTable[];
  readonly natGateways: readonly NatGateway[];
  readonly zones: readonly AvailabilityZone[];
  /** The only subnets that are to be used. */
  readonly limits?: SubnetLimits;
  /** Free addresses without which a subnet is left out; not given: those that EKS wants for a new cluster. */
  readonly leastFree?: number;
}

/** Not given: no limit. */
export interface SubnetLimits {
  /** By name. */
  readonly zones?: readonly string[];
  readonly subnets?: readonly string[];
}

/** The fleet whose VPC it is, and whether this run may make it. */
export interface VpcOwner extends OwnVpc {
  readonly name: string;
  readonly id: string;
  /** The only zones that it is to have; undefined: the first three that will do. */
  readonly wantedZones: readonly string[] | undefined;
  readonly mayBeMade: boolean;
}

/** What to search for, and its requirements. */
export interface NetworkSpec extends SubnetLimits, AwsPlace {
  /** VPC id or Name tag. */
  readonly vpc: string;
  readonly instanceTypes: readonly string[];
  /** The parent's VPC also holds the load balancer of the Karmada API: in public subnets, unless it is internal. */
  readonly needsPublicSubnet: boolean;
  /** Set where it is the VPC that the fleet makes. */
  readonly own?: VpcOwner;
  /** Whether a cluster is to be made in it; where all are there already, it need not be good for anything. */
  readonly holdsNew: boolean;
  /** Whether all its clusters exist, and with them have what they need of its addresses. */
  readonly isFilled?: boolean;
}

/** All that was read of one VPC. */
export interface VpcReading extends VpcParts {
  readonly vpcId: string;
  /** Its Name tag, or an empty text. */
  readonly vpcName: string;
  /** Its IPv4 CIDRs. */
  readonly cidrs: readonly string[];
  readonly dns: { readonly support: boolean; readonly hostnames: boolean };
  /** Names of the zones that offer the instance type. */
  readonly offering: readonly string[];
  /** Of the requested types, where there are several. */
  readonly architectures: readonly { readonly type: string; readonly isArm: boolean }[];
}

/** A subnet that is left out, and why. */
export interface LeftOutSubnet {
  readonly id: string;
  readonly why: string;
}

/** All subnets of the VPC: those that can be used, and those that cannot. */
export function classifySubnets(parts: VpcParts): {
  readonly usable: readonly ClassifiedSubnet[];
  readonly leftOut: readonly LeftOutSubnet[];
} {
  const usable: ClassifiedSubnet[] = [];
  const leftOut: LeftOutSubnet[] = [];
  for (const subnet of parts.subnets) {
    const id = subnet.SubnetId ?? '';
    const why = whyNot(subnet, parts) ?? beyondLimits(subnet, parts.limits);
    if (why === undefined) usable.push(classified(subnet, parts));
    else leftOut.push({ id, why });
  }
  return { usable, leftOut };
}

/** One subnet a zone of each kind: the one with most free addresses, then the lowest id; sorted by zone. */
export function onePerZone(
  subnets: readonly ClassifiedSubnet[],
  kind: ClassifiedSubnet['kind'],
): readonly ClassifiedSubnet[] {
  const best = new Map<string, ClassifiedSubnet>();
  for (const subnet of subnets.filter((each) => each.kind === kind)) {
    const rival = best.get(subnet.zone);
    if (rival === undefined || isBetter(subnet, rival)) best.set(subnet.zone, subnet);
  }
  return [...best.values()].sort((a, b) => a.zone.localeCompare(b.zone));
}

function isBetter(subnet: ClassifiedSubnet, rival: ClassifiedSubnet): boolean {
  // A public subnet that gives its instances no address is only good for the load balancer.
  if (subnet.kind === 'public' && subnet.mapPublicIp !== rival.mapPublicIp) return subnet.mapPublicIp;
  if (subnet.freeAddresses !== rival.freeAddresses) return subnet.freeAddresses > rival.freeAddresses;
  return subnet.id < rival.id;
}

function whyNot(subnet: Subnet, { zones, leastFree = leastFreeAddresses }: VpcParts): string | undefined {
  const zone = zones.find((each) => each.ZoneName === subnet.AvailabilityZone);
  const free = subnet.AvailableIpAddressCount ?? 0;
  if (subnet.State !== 'available') return `is ${subnet.State ?? 'in an unknown state'}`;
  if (subnet.OutpostArn !== undefined && subnet.OutpostArn !== '') return 'is on an Outpost';
  if (subnet.Ipv6Native === true) return 'is IPv6-only';
  if (zone?.ZoneType !== undefined && zone.ZoneType !== 'availability-zone') return `is in a ${zone.ZoneType}`;
  if (!canHoldControlPlanes(subnet.AvailabilityZoneId ?? ''))
    return `is in ${subnet.AvailabilityZoneId}, which EKS denies`;
  if (free < leastFree) return `has ${free} free addresses; EKS requires ${leastFree}`;
  return undefined;
}

function beyondLimits(
  { SubnetId = '', AvailabilityZone: zone = '' }: Subnet,
  { zones = [zone], subnets = [SubnetId] }: SubnetLimits = {},
): string | undefined {
  if (!zones.includes(zone)) return `is in ${zone}, which was not requested`;
  return subnets.includes(SubnetId) ? undefined : 'was not requested';
}

function classified(subnet: Subnet, parts: VpcParts): ClassifiedSubnet {
  const { kind, natGateway } = kindOf(subnet, parts);
  return {
    id: subnet.SubnetId ?? '',
    zone: subnet.AvailabilityZone ?? '',
    kind,
    freeAddresses: subnet.AvailableIpAddressCount ?? 0,
    mapPublicIp: subnet.MapPublicIpOnLaunch === true,
    natGateway,
  };
}

/**
 * A route to a NAT gateway that is gone is a black hole. One that is active, to a gateway that EC2 does not list, leads to one of
 * another account, which shares the VPC (VPC User Guide, shared subnets: participants do not see NAT gateways).
 */
function kindOf(subnet: Subnet, parts: VpcParts): Pick<ClassifiedSubnet, 'kind' | 'natGateway'> {
  const isolated = { kind: 'isolated', natGateway: undefined } as const;
  const route = routeTableOf(subnet, parts.routeTables)?.Routes?.find(
    (each) => each.DestinationCidrBlock === '0.0.0.0/0' && each.State === 'active',
  );
  if (route === undefined) return isolated;
  if (route.GatewayId?.startsWith('igw-')) {
    return blockModeOf(subnet) === 'off' ? { kind: 'public', natGateway: undefined } : isolated;
  }
  if (route.NatGatewayId !== undefined) {
    const gateway = parts.natGateways.find((each) => each.NatGatewayId === route.NatGatewayId);
    if (gateway === undefined) return { kind: 'private', natGateway: route.NatGatewayId };
    return gateway.State === 'available' && !isShutIn(gateway, parts)
      ? { kind: 'private', natGateway: route.NatGatewayId }
      : isolated;
  }
  const other = [
    route.TransitGatewayId,
    route.NetworkInterfaceId,
    route.InstanceId,
    route.VpcPeeringConnectionId,
    route.CoreNetworkArn,
    route.GatewayId,
  ];
  return other.some((target) => target !== undefined && target !== '')
    ? { kind: 'private', natGateway: undefined }
    : isolated;
}

/** What VPC Block Public Access does to a subnet: `off`, `block-ingress` or `block-bidirectional`. */
export function blockModeOf({ BlockPublicAccessStates: states }: Subnet): string {
  return states?.InternetGatewayBlockMode ?? 'off';
}

/** A NAT gateway in a subnet that may not talk to an internet gateway leads nowhere (VPC User Guide, Block Public Access). */
function isShutIn(gateway: NatGateway, { subnets }: VpcParts): boolean {
  const around = subnets.find(({ SubnetId }) => SubnetId === gateway.SubnetId);
  return around !== undefined && blockModeOf(around) === 'block-bidirectional';
}

/** The route table of a subnet: its own, else the main one. */
export function routeTableOf(subnet: Subnet, tables: readonly RouteTable[]): RouteTable | undefined {
  const explicit = tables.find((table) => table.Associations?.some((each) => each.SubnetId === subnet.SubnetId));
  return explicit ?? tables.find((table) => table.Associations?.some((each) => each.Main === true));
}
