/** What stacks make and delete of networks: one resource after another, as their template orders them. */
import { durations } from '../durations.js';
import type { Simulation } from '../simulation.js';
import type { RegionState, StackResource, StackState, SubnetState } from '../state.js';
import { takeCondition } from './conditions.js';
import { referencesIn } from './network-template.js';

/** Why a resource cannot be made, in EC2's words; undefined: it is made. */
export function makeResource(
  simulation: Simulation,
  regionName: string,
  stack: StackState,
  resource: StackResource,
): string | undefined {
  const failing = takeCondition(
    simulation.state,
    'stack-resource-fails',
    (condition) => condition.stack === stack.name && condition.resource === resource.logical,
  );
  if (failing !== undefined) return failing.reason;
  const region = simulation.region(regionName);
  return makers[resource.type]?.({ simulation, region, regionName, stack, resource });
}

interface Making {
  readonly simulation: Simulation;
  readonly region: RegionState;
  readonly regionName: string;
  readonly stack: StackState;
  readonly resource: StackResource;
}

type Make = (making: Making) => string | undefined;

const makers: Readonly<Record<string, Make>> = {
  'AWS::EC2::VPC': (making) => {
    const { region, resource, simulation } = making;
    const { CidrBlock, EnableDnsSupport, EnableDnsHostnames } = resource.properties;
    if (region.vpcs.length >= limit(simulation, 'L-F678F1CE'))
      return 'The maximum number of VPCs has been reached. (Service: Ec2, Status Code: 400)';
    const id = identified(making, 'vpc');
    const dnsSupport = EnableDnsSupport === true;
    const dnsHostnames = EnableDnsHostnames === true;
    region.vpcs.push({ id, cidr: String(CidrBlock), dnsSupport, dnsHostnames, tags: tagsOf(making) });
    // EC2 makes these two with each VPC (VPC User Guide, default security groups, main route table).
    const main = { id: simulation.id('rtb'), vpcId: id, main: true, subnetIds: [] };
    region.routeTables.push({ ...main, routes: [localRoute(String(CidrBlock))] });
    region.securityGroups.push({ id: simulation.id('sg'), vpcId: id, name: 'default', tags: {} });
    return undefined;
  },
  'AWS::EC2::InternetGateway': (making) => {
    const { region, simulation } = making;
    region.internetGateways ??= [];
    if (region.internetGateways.length >= limit(simulation, 'L-A4707A72'))
      return 'The maximum number of internet gateways has been reached. (Service: Ec2, Status Code: 400)';
    region.internetGateways.push({ id: identified(making, 'igw'), tags: tagsOf(making) });
    return undefined;
  },
  'AWS::EC2::VPCGatewayAttachment': (making) => {
    const gateway = making.region.internetGateways?.find(({ id }) => id === idIn(making, 'InternetGatewayId'));
    if (gateway !== undefined) gateway.vpcId = idIn(making, 'VpcId');
    making.resource.id = `IGW|${idIn(making, 'VpcId')}`;
    return undefined;
  },
  'AWS::EC2::Subnet': (making) => {
    const { region, resource, simulation } = making;
    const { CidrBlock, AvailabilityZone, MapPublicIpOnLaunch } = resource.properties;
    const vpc = region.vpcs.find(({ id }) => id === idIn(making, 'VpcId'));
    const cidr = String(CidrBlock);
    if (vpc === undefined || !isInside(vpc.cidr, cidr))
      return `The CIDR '${cidr}' is invalid. (Service: Ec2, Status Code: 400)`;
    if (region.subnets.some((other) => other.vpcId === vpc.id && overlap(other.cidr, cidr)))
      return `The CIDR '${cidr}' conflicts with another subnet (Service: Ec2, Status Code: 400)`;
    const zone = region.availabilityZones.find(({ name }) => name === AvailabilityZone);
    if (zone === undefined)
      return `Value (${String(AvailabilityZone)}) for parameter availabilityZone is invalid. (Service: Ec2, Status Code: 400)`;
    region.subnets.push({
      id: identified(making, 'subnet'),
      vpcId: vpc.id,
      zone: zone.name,
      zoneId: zone.id,
      cidr,
      freeAddresses: sizeOf(cidr) - 5,
      mapPublicIp: MapPublicIpOnLaunch === true,
      ownerId: simulation.state.accountId,
      tags: tagsOf(making),
    });
    return undefined;
  },
  'AWS::EC2::RouteTable': (making) => {
    const { region } = making;
    const vpcId = idIn(making, 'VpcId');
    const cidr = region.vpcs.find(({ id }) => id === vpcId)?.cidr ?? '';
    const id = identified(making, 'rtb');
    region.routeTables.push({
      id,
      vpcId,
      main: false,
      subnetIds: [],
      routes: [localRoute(cidr)],
      tags: tagsOf(making),
    });
    return undefined;
  },
  'AWS::EC2::Route': (making) => {
    const { region, resource } = making;
    const table = region.routeTables.find(({ id }) => id === idIn(making, 'RouteTableId'));
    const target = idIn(making, resource.properties['NatGatewayId'] === undefined ? 'GatewayId' : 'NatGatewayId');
    const destination = String(resource.properties['DestinationCidrBlock']);
    table?.routes.push({ destination, target, state: 'active' });
    resource.id = `${table?.id ?? ''}|${destination}`;
    return undefined;
  },
  'AWS::EC2::SubnetRouteTableAssociation': (making) => {
    const table = making.region.routeTables.find(({ id }) => id === idIn(making, 'RouteTableId'));
    table?.subnetIds.push(idIn(making, 'SubnetId'));
    identified(making, 'rtbassoc');
    return undefined;
  },
  'AWS::EC2::EIP': (making) => {
    const { region, simulation } = making;
    region.addresses ??= [];
    if (region.addresses.length + natsWithAddress(region) >= limit(simulation, 'L-0263D0A3'))
      return 'The maximum number of addresses has been reached. (Service: Ec2, Status Code: 400)';
    const id = identified(making, 'eipalloc');
    region.addresses.push({ id, publicIp: freeAddress(region), tags: tagsOf(making) });
    return undefined;
  },
  'AWS::EC2::NatGateway': (making) => {
    const { region, simulation } = making;
    const subnet = region.subnets.find(({ id }) => id === idIn(making, 'SubnetId'));
    const address = region.addresses?.find(({ id }) => id === idIn(making, 'AllocationId'));
    if (subnet === undefined || address === undefined) return 'The subnet or the address does not exist.';
    const inZone = region.natGateways.filter(
      ({ subnetId, state }) =>
        state !== 'deleted' && region.subnets.some(({ id, zone }) => id === subnetId && zone === subnet.zone),
    );
    if (inZone.length >= limit(simulation, 'L-FE5A380F'))
      return `Performing this operation would exceed the limit of ${inZone.length} NAT gateways (Service: Ec2, Status Code: 400)`;
    const id = identified(making, 'nat');
    const { publicIp } = address;
    const place = { vpcId: subnet.vpcId, subnetId: subnet.id };
    region.natGateways.push({
      id,
      ...place,
      publicIp,
      state: 'available',
      allocationId: address.id,
      tags: tagsOf(making),
    });
    region.networkInterfaces.push({
      id: simulation.id('eni'),
      ...place,
      zone: subnet.zone,
      description: `Interface for NAT Gateway ${id}`,
      privateIp: subnet.cidr.replace(/\.\d+\/\d+$/, '.9'),
      publicIp,
    });
    return undefined;
  },
};

/** Not enforced elsewhere: what AWS gives everybody (VPC User Guide, quotas), unless the account has others. */
const usual: Readonly<Record<string, number>> = { 'L-F678F1CE': 5, 'L-A4707A72': 5, 'L-FE5A380F': 5, 'L-0263D0A3': 5 };

function limit({ state }: Simulation, code: string): number {
  return state.quotas?.[code] ?? usual[code] ?? 0;
}

/** NAT gateways that rehearsals start with have an address that is not listed by itself. */
function natsWithAddress({ natGateways }: RegionState): number {
  return natGateways.filter(({ state, allocationId }) => state !== 'deleted' && allocationId === undefined).length;
}

function identified({ simulation, resource }: Making, prefix: string): string {
  resource.id = simulation.id(prefix);
  return resource.id;
}

/** The id of what a property refers to. */
function idIn({ stack, resource }: Making, property: string): string {
  const [logical] = referencesIn(resource.properties[property]);
  return stack.resources?.find((each) => each.logical === logical)?.id ?? '';
}

/** CloudFormation gives what it makes the tags of the stack and three of its own (User Guide, resource tags). */
function tagsOf({ stack, resource }: Making): Record<string, string> {
  const own = (resource.properties['Tags'] ?? []) as readonly { readonly Key: string; readonly Value: string }[];
  return {
    ...stack.tags,
    ...Object.fromEntries(own.map(({ Key, Value }) => [Key, Value])),
    'aws:cloudformation:stack-name': stack.name,
    'aws:cloudformation:stack-id': stack.id,
    'aws:cloudformation:logical-id': resource.logical,
  };
}

function localRoute(destination: string) {
  return { destination, target: 'local', state: 'active' as const };
}

/** RFC 5737: an address of documentation that nothing has. */
function freeAddress({ addresses = [], natGateways, networkInterfaces }: RegionState): string {
  const taken = new Set([...addresses, ...natGateways, ...networkInterfaces].map(({ publicIp }) => publicIp));
  const all = Array.from({ length: 250 }, (_, last) => `198.51.100.${last + 1}`);
  return all.find((address) => !taken.has(address)) ?? '198.51.100.254';
}

function rangeOf(cidr: string): readonly [first: number, size: number] {
  const [address = '', length = ''] = cidr.split('/');
  return [address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0), 2 ** (32 - Number(length))];
}

function sizeOf(cidr: string): number {
  return rangeOf(cidr)[1];
}

function isInside(outer: string, inner: string): boolean {
  const [first, size] = rangeOf(outer);
  const [start, length] = rangeOf(inner);
  return start >= first && start + length <= first + size;
}

function overlap(one: string, other: string): boolean {
  const [first, size] = rangeOf(one);
  const [start, length] = rangeOf(other);
  return start < first + size && first < start + length;
}

/**
 * Deletes what can be, in the opposite order of creation: what something else uses stays, and what it depends on with it. Answers the
 * resources that failed, with EC2's reason (observed wording: DependencyViolation).
 */
export function removeNetwork(
  simulation: Simulation,
  regionName: string,
  stack: StackState,
): readonly { readonly resource: StackResource; readonly reason: string }[] {
  const region = simulation.region(regionName);
  const failed: { readonly resource: StackResource; readonly reason: string }[] = [];
  const left: StackResource[] = [];
  for (const resource of (stack.resources ?? []).toReversed()) {
    if (resource.id === undefined) continue;
    const isHeld = left.some((each) => dependsOn(each, resource));
    const reason = isHeld ? undefined : whyKept(region, resource);
    if (isHeld || reason !== undefined) left.push(resource);
    else removers[resource.type]?.(region, resource.id);
    if (reason !== undefined) failed.push({ resource, reason });
    if (!left.includes(resource)) delete resource.id;
  }
  return failed;
}

function dependsOn({ properties }: StackResource, { logical }: StackResource): boolean {
  return referencesIn(properties).includes(logical);
}

function whyKept(region: RegionState, { type, id = '' }: StackResource): string | undefined {
  const violation = (text: string) => `${text} (Service: Ec2, Status Code: 400) (HandlerErrorCode: InvalidRequest)`;
  const isUsed = (subnet: SubnetState): boolean =>
    region.networkInterfaces.some(({ subnetId }) => subnetId === subnet.id);
  if (type === 'AWS::EC2::Subnet' && region.subnets.some((subnet) => subnet.id === id && isUsed(subnet)))
    return violation(`The subnet '${id}' has dependencies and cannot be deleted.`);
  const inVpc = ({ vpcId }: { readonly vpcId: string }): boolean => vpcId === id;
  const isHeld =
    region.securityGroups.some((group) => inVpc(group) && group.name !== 'default') ||
    region.subnets.some(inVpc) ||
    region.routeTables.some((table) => inVpc(table) && !table.main) ||
    (region.vpcParts ?? []).some(inVpc) ||
    (region.peerings ?? []).some(({ vpcIds }) => vpcIds.includes(id));
  if (type === 'AWS::EC2::VPC' && isHeld) return violation(`The vpc '${id}' has dependencies and cannot be deleted.`);
  const mapped = region.networkInterfaces.some(
    ({ vpcId, publicIp }) =>
      publicIp !== undefined && type === 'AWS::EC2::VPCGatewayAttachment' && id === `IGW|${vpcId}`,
  );
  return mapped ? violation(`Network ${id.slice(4)} has some mapped public address(es).`) : undefined;
}

const removers: Readonly<Record<string, (region: RegionState, id: string) => void>> = {
  'AWS::EC2::VPC': (region, id) => {
    const elsewhere = ({ vpcId }: { readonly vpcId: string }): boolean => vpcId !== id;
    region.vpcs = without(region.vpcs, id);
    region.routeTables = region.routeTables.filter(elsewhere);
    region.securityGroups = region.securityGroups.filter(elsewhere);
  },
  'AWS::EC2::InternetGateway': (region, id) => {
    region.internetGateways = without(region.internetGateways ?? [], id);
  },
  'AWS::EC2::VPCGatewayAttachment': (region, id) => {
    for (const gateway of region.internetGateways ?? []) if (`IGW|${gateway.vpcId}` === id) delete gateway.vpcId;
  },
  'AWS::EC2::Subnet': (region, id) => {
    region.subnets = without(region.subnets, id);
    for (const table of region.routeTables) table.subnetIds = table.subnetIds.filter((each) => each !== id);
  },
  'AWS::EC2::RouteTable': (region, id) => {
    region.routeTables = without(region.routeTables, id);
  },
  'AWS::EC2::Route': (region, id) => {
    const [name, destination] = id.split('|');
    const table = region.routeTables.find((each) => each.id === name);
    if (table !== undefined) table.routes = table.routes.filter((route) => route.destination !== destination);
  },
  'AWS::EC2::EIP': (region, id) => {
    region.addresses = without(region.addresses ?? [], id);
  },
  'AWS::EC2::NatGateway': (region, id) => {
    region.natGateways = without(region.natGateways, id);
    const text = `Interface for NAT Gateway ${id}`;
    region.networkInterfaces = region.networkInterfaces.filter(({ description }) => description !== text);
  },
};

function without<Item extends { readonly id: string }>(items: readonly Item[], id: string): Item[] {
  return items.filter((each) => each.id !== id);
}

/** How long the deletion takes: a NAT gateway about a minute, all else seconds. */
export function networkDeletionMs({ resources = [] }: StackState): number {
  const hasNat = resources.some(({ type, id }) => type === 'AWS::EC2::NatGateway' && id !== undefined);
  return hasNat ? durations.natGatewayDelete : durations.smallStack;
}
