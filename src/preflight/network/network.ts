/** Reads a VPC from EC2, and derives its network: one subnet of each kind per zone, and whether nodes and the load balancer fit in. */
import type { NatGateway, Vpc } from '../../aws/ec2/ec2.js';
import { nameIn } from '../../aws/tags.js';
import type { Clients } from '../../clients/clients.js';
import { ok, problemsIn } from '../../errors/diagnostic.js';
import { Problem } from '../../errors/problem.js';
import type { Checked, ClassifiedSubnet, Network } from '../../model/facts.js';
import { placeName } from '../../world/place.js';
import { waysOf } from './connections.js';
import { checkNetwork, fewZones } from './network-checks.js';
import { architecturesOf, zonesOffering } from './offered-types.js';
import { findOwnNetwork } from './own-network.js';
import { classifySubnets, type NetworkSpec, onePerZone, type VpcReading } from './subnets.js';

/** A network needs two zones: EKS wants them. */
const leastZones = 2;

/** A VPC with clusters of the fleet: the requirements, the reading, and the result. */
export interface FoundNetwork extends Checked<Network> {
  readonly spec: NetworkSpec;
  /** Undefined: it is still to be made. */
  readonly reading: VpcReading | Problem | undefined;
}

/** Reads one VPC, and judges it where something is to be made in it. */
export async function findNetwork(
  clients: Pick<Clients, 'ec2' | 'cloudformation' | 'world'>,
  spec: NetworkSpec,
): Promise<FoundNetwork> {
  const { own } = spec;
  const vpc = own === undefined ? spec.vpc : await findOwnNetwork(clients, { ...spec, own });
  if (vpc instanceof Problem) return { spec, reading: vpc, ...judgeReading(vpc, spec) };
  if (typeof vpc !== 'string') {
    const zones = nodeSubnets(vpc).map(({ zone }) => zone);
    const fact = `VPC ${vpc.vpcName}, ${vpc.cidrs.join(', ')}, will be made in ${zones.join(', ')}`;
    return { spec, reading: undefined, found: vpc, diagnostics: [ok(fact), ...fewZones(vpc, zones.length)] };
  }
  const reading = await readVpc(clients, { ...spec, vpc });
  return { spec, reading, ...judgeReading(reading, spec) };
}

/** Judges what was read: the network, or everything that is wrong with it. */
export function judgeReading(reading: VpcReading | Problem, spec: NetworkSpec): Checked<Network> {
  if (reading instanceof Problem) return { found: undefined, diagnostics: [reading] };
  const network = networkFrom(reading, spec.region);
  if (!spec.holdsNew) return { found: network, diagnostics: [ok(`VPC ${spec.vpc}: its clusters exist`)] };
  const diagnostics = checkNetwork(network, reading, spec).flatMap((check) => check.diagnostics);
  // What follows from a network that will not do anyway (where its nodes call from) would only be noise.
  return { found: problemsIn(diagnostics).length === 0 ? network : undefined, diagnostics };
}

/** The network that a VPC makes, good or not. */
export function networkFrom(reading: VpcReading, region: string): Network {
  const { vpcId, vpcName, cidrs, offering } = reading;
  const offered = classifySubnets(reading).usable.filter((subnet) => offering.includes(subnet.zone));
  const publicSubnets = onePerZone(offered, 'public');
  const privateSubnets = onePerZone(offered, 'private');
  const nodesArePrivate = privateSubnets.length >= leastZones;
  const gateways = new Set(privateSubnets.map((subnet) => subnet.natGateway));
  const ways = new Map(
    reading.subnets.map((subnet) => [subnet.SubnetId ?? '', waysOf(subnet, reading.routeTables)] as const),
  );
  const natAddresses = nodesArePrivate ? addressesOf(reading, ({ NatGatewayId }) => gateways.has(NatGatewayId)) : [];
  return {
    vpcId,
    vpcName,
    region,
    cidrs,
    public: publicSubnets,
    private: privateSubnets,
    nodesArePrivate,
    natAddresses,
    hiddenNats: nodesArePrivate ? hiddenAmong(gateways, reading) : [],
    allNatAddresses: addressesOf(reading, ({ State }) => State === 'available'),
    ways,
  };
}

/** The subnets that a cluster's nodes go into. */
export function nodeSubnets(network: Network): readonly ClassifiedSubnet[] {
  return network.nodesArePrivate ? network.private : network.public;
}

/** The subnets of the load balancer: an internal one uses those of the nodes, and needs no internet gateway. */
export function loadBalancerSubnets(network: Network, internal: boolean): readonly ClassifiedSubnet[] {
  return internal ? nodeSubnets(network) : network.public;
}

function hiddenAmong(used: ReadonlySet<string | undefined>, { natGateways }: VpcReading): readonly string[] {
  return [...used].flatMap((id) =>
    id === undefined || natGateways.some(({ NatGatewayId }) => NatGatewayId === id) ? [] : [id],
  );
}

function addressesOf({ natGateways }: VpcReading, isMeant: (gateway: NatGateway) => boolean): readonly string[] {
  return natGateways
    .filter(isMeant)
    .flatMap((gateway) => gateway.NatGatewayAddresses?.flatMap(({ PublicIp }) => PublicIp ?? []) ?? []);
}

/**
 * Reads the matching VPC, or returns why there is not exactly one; eight calls to EC2, all but the first in parallel.
 * EC2 promises no order: lists are sorted, so that the same VPC is always reported alike.
 */
async function readVpc(clients: Pick<Clients, 'ec2' | 'world'>, spec: NetworkSpec): Promise<VpcReading | Problem> {
  const ec2 = clients.ec2(spec);
  const matching = sorted(await ec2.vpcs(spec.vpc), vpcIdOf);
  const vpc = oneOf(matching, spec, matching.length === 0 ? sorted(await ec2.vpcs(), vpcIdOf) : []);
  if (vpc instanceof Problem) return vpc;
  const vpcId = vpc.VpcId ?? '';
  const [dns, subnets, routeTables, natGateways, zones, offering, architectures] = await Promise.all([
    ec2.vpcHasDns(vpcId),
    ec2.subnets(vpcId),
    ec2.routeTables(vpcId),
    ec2.natGateways(vpcId),
    ec2.availabilityZones(),
    zonesOffering(ec2, spec.instanceTypes),
    architecturesOf(clients, spec),
  ]);
  return {
    vpcId,
    vpcName: nameIn(vpc.Tags),
    cidrs: cidrsOf(vpc),
    dns,
    subnets: sorted(subnets, ({ SubnetId }) => SubnetId),
    routeTables,
    natGateways: sorted(natGateways, ({ NatGatewayId }) => NatGatewayId),
    zones,
    ...(spec.isFilled === true ? { leastFree: 0 } : {}),
    limits: { ...(spec.zones && { zones: spec.zones }), ...(spec.subnets && { subnets: spec.subnets }) },
    offering: [...offering].sort(),
    architectures,
  };
}

const vpcIdOf = ({ VpcId }: Vpc): string | undefined => VpcId;

function sorted<T>(items: readonly T[], idOf: (item: T) => string | undefined): readonly T[] {
  return [...items].sort((a, b) => (idOf(a) ?? '').localeCompare(idOf(b) ?? ''));
}

/** `others`: all VPCs of the region if none matches, as suggestions. */
function oneOf(found: readonly Vpc[], spec: NetworkSpec, others: readonly Vpc[]): Vpc | Problem {
  const [first] = found;
  if (first === undefined) {
    return new Problem('vpc-not-found', {
      what: `no VPC ${spec.vpc} in ${placeName(spec)}`,
      ...(others.length > 0 ? { why: `available VPCs: ${others.map(label).join(', ')}` } : {}),
      next:
        spec.account === undefined
          ? ['choose another VPC with --vpc (ID or Name tag; * matches any text)', 'or choose another --region']
          : [`set a VPC of account ${spec.account.id}: vpc=… of the member (ID or Name tag; * matches any text)`],
    });
  }
  if (found.length === 1) return first;
  return new Problem('vpc-ambiguous', {
    what: `${found.length} VPCs match ${spec.vpc} in ${placeName(spec)}`,
    why: found.map(label).join(', '),
    next: [`choose one by its ID: ${spec.account === undefined ? '--vpc vpc-…' : 'vpc=vpc-… of the member'}`],
  });
}

function label(vpc: Vpc): string {
  return `${vpc.VpcId} (${nameIn(vpc.Tags) || 'no name'}, ${vpc.CidrBlock})`;
}

/** CIDRs that are added to a VPC, or taken from it, stand in its associations only (EC2 API, DescribeVpcs). */
function cidrsOf({ CidrBlock, CidrBlockAssociationSet = [] }: Vpc): readonly string[] {
  const associated = CidrBlockAssociationSet.filter(({ CidrBlockState }) => CidrBlockState?.State === 'associated');
  return [...new Set([CidrBlock, ...associated.map((each) => each.CidrBlock)].flatMap((cidr) => cidr ?? []))];
}
