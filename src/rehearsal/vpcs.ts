/** Makes the VPCs that rehearsals start from, whole or piece by piece. */

import { zoneIdPrefix } from './account/arns.js';
import { accountOfRegion, nameOfRegion } from './account/other-accounts.js';
import type { Simulation } from './simulation.js';
import type { RegionState, RouteTableState, SubnetState, VpcState } from './state.js';

/** What is special about a VPC; `full` is what the product hopes for. */
export type VpcVariant = 'full' | 'two-azs' | 'one-az' | 'no-nat' | 'no-auto-assign';

export interface VpcRequest {
  readonly region: string;
  /** Its Name tag. */
  readonly name: string;
  readonly variant?: VpcVariant;
  /** Second number of `10.x.0.0/16`; the next free one when not given. */
  readonly block?: number;
  /** Another account, which shares it with this one (Resource Access Manager). */
  readonly ownerId?: string;
}

/** A VPC with what was made in it. */
export interface MadeVpc {
  readonly vpc: VpcState;
  readonly publicSubnets: readonly SubnetState[];
  readonly privateSubnets: readonly SubnetState[];
  /** The main route table: no default route, so that a subnet without an association is isolated. */
  readonly mainTable: RouteTableState;
  readonly publicTable: RouteTableState;
  readonly privateTable: RouteTableState;
}

/**
 * Makes a VPC with a public and a private subnet in each zone (three; fewer for `two-azs`, `one-az`), an internet gateway
 * route for the public ones and one NAT gateway for the private ones (none for `no-nat`). Public subnets give
 * instances a public address, save for `no-auto-assign`.
 */
export function addVpc(simulation: Simulation, request: VpcRequest): MadeVpc {
  const region = simulation.region(request.region);
  const variant = request.variant ?? 'full';
  const vpc = addBareVpc(simulation, request.region, request.name, request.block ?? region.vpcs.length);
  if (request.ownerId !== undefined) vpc.ownerId = request.ownerId;
  const mainTable = addRouteTable(simulation, request.region, vpc.id, { main: true });
  const zones = region.availabilityZones.slice(0, zoneCount(variant)).map((zone) => zone.name);
  const make = (kind: 'public' | 'private') => (zone: string, index: number) =>
    addSubnet(simulation, request.region, vpc, {
      zone,
      third: kind === 'public' ? index : 100 + index,
      mapPublicIp: kind === 'public' && variant !== 'no-auto-assign',
      name: `${request.name}-${kind}-${zone}`,
    });
  const publicSubnets = zones.map(make('public'));
  const privateSubnets = zones.map(make('private'));
  const publicTable = addRouteTable(simulation, request.region, vpc.id, {
    subnetIds: publicSubnets.map((subnet) => subnet.id),
    defaultTarget: simulation.id('igw'),
  });
  const firstPublic = publicSubnets[0];
  const nat =
    variant === 'no-nat' || firstPublic === undefined ? undefined : addNat(simulation, request.region, firstPublic);
  const privateTable = addRouteTable(simulation, request.region, vpc.id, {
    subnetIds: privateSubnets.map((subnet) => subnet.id),
    ...(nat === undefined ? {} : { defaultTarget: nat }),
  });
  return { vpc, publicSubnets, privateSubnets, mainTable, publicTable, privateTable };
}

function zoneCount(variant: VpcVariant): number {
  if (variant === 'one-az') return 1;
  return variant === 'two-azs' ? 2 : 3;
}

/** A VPC with nothing in it. */
export function addBareVpc(simulation: Simulation, regionName: string, name: string, block = 0): VpcState {
  const vpc: VpcState = {
    id: simulation.id('vpc'),
    cidr: `10.${block}.0.0/16`,
    dnsSupport: true,
    dnsHostnames: true,
    tags: name === '' ? {} : { Name: name },
  };
  simulation.region(regionName).vpcs.push(vpc);
  return vpc;
}

export interface SubnetRequest
  extends Partial<
    Pick<SubnetState, 'mapPublicIp' | 'freeAddresses' | 'outpostArn' | 'ipv6Native' | 'blockPublicAccess'>
  > {
  readonly zone: string;
  /** Third number of its /24 block. */
  readonly third: number;
  readonly name?: string;
}

/** A subnet; it belongs to the main route table until another names it. */
export function addSubnet(
  simulation: Simulation,
  regionName: string,
  vpc: VpcState,
  request: SubnetRequest,
): SubnetState {
  const region = simulation.region(regionName);
  const { third, name, ...given } = request;
  const subnet: SubnetState = {
    freeAddresses: 250,
    mapPublicIp: false,
    ...given,
    id: simulation.id('subnet'),
    vpcId: vpc.id,
    zoneId: region.availabilityZones.find((zone) => zone.name === given.zone)?.id ?? given.zone,
    cidr: vpc.cidr.replace(/\.0\.0\/16$/, `.${third}.0/24`),
    ownerId: vpc.ownerId ?? accountOfRegion(regionName) ?? simulation.state.accountId,
    tags: name === undefined ? {} : { Name: name },
  };
  region.subnets.push(subnet);
  return subnet;
}

export interface RouteTableRequest {
  readonly main?: boolean;
  readonly subnetIds?: readonly string[];
  /** Target of `0.0.0.0/0`: the id of a gateway, NAT gateway, transit gateway, peering, interface or instance. */
  readonly defaultTarget?: string;
  /** A black hole: the route exists, its target does not. */
  readonly blackhole?: boolean;
}

/** A route table with its VPC's local route. */
export function addRouteTable(
  simulation: Simulation,
  regionName: string,
  vpcId: string,
  request: RouteTableRequest,
): RouteTableState {
  const region = simulation.region(regionName);
  const table: RouteTableState = {
    id: simulation.id('rtb'),
    vpcId,
    main: request.main ?? false,
    subnetIds: [...(request.subnetIds ?? [])],
    routes: [{ destination: vpcCidr(region, vpcId), target: 'local', state: 'active' }],
  };
  if (request.defaultTarget !== undefined) {
    const state = request.blackhole ? 'blackhole' : 'active';
    table.routes.push({ destination: '0.0.0.0/0', target: request.defaultTarget, state });
  }
  region.routeTables.push(table);
  return table;
}

/** A NAT gateway in a subnet; answers its id. */
export function addNat(simulation: Simulation, regionName: string, subnet: SubnetState): string {
  const id = simulation.id('nat');
  const { natGateways } = simulation.region(regionName);
  const publicIp = `198.51.100.${natGateways.length + 1}`;
  natGateways.push({ id, vpcId: subnet.vpcId, subnetId: subnet.id, publicIp, state: 'available' });
  return id;
}

/** A local zone of a region, e.g. `us-west-2-lax-1a`. */
export function addLocalZone(simulation: Simulation, regionName: string, name: string): void {
  const id = `${zoneIdPrefix(nameOfRegion(regionName))}-${name.split('-').slice(3).join('-')}`;
  simulation.region(regionName).availabilityZones.push({ name, id, type: 'local-zone' });
}

function vpcCidr(region: RegionState, vpcId: string): string {
  return region.vpcs.find((vpc) => vpc.id === vpcId)?.cidr ?? '10.0.0.0/16';
}
