/** Derives a network from a VPC: one subnet of each kind per zone, and whether nodes and the load balancer fit in. */
import type { NatGateway } from '../../aws/ec2.js';
import type { Clients } from '../../clients/clients.js';
import { ok, problemsIn } from '../../errors/diagnostic.js';
import { Problem } from '../../errors/problem.js';
import type { Checked, ClassifiedSubnet, Network } from '../../model/facts.js';
import { checkNetwork } from './network-checks.js';
import { type NetworkSpec, readVpc, type VpcReading } from './read-vpc.js';
import { classifySubnets, onePerZone } from './subnets.js';

/** A network needs two zones: EKS wants them. */
const leastZones = 2;

/** A VPC with clusters of the fleet: the requirements, the reading, and the result. */
export interface FoundNetwork extends Checked<Network> {
  readonly spec: NetworkSpec;
  readonly reading: VpcReading | Problem;
}

/** Reads one VPC, and judges it where something is to be made in it. */
export async function findNetwork(clients: Pick<Clients, 'ec2'>, spec: NetworkSpec): Promise<FoundNetwork> {
  const reading = await readVpc(clients, spec);
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
  const used = new Set(privateSubnets.map((subnet) => subnet.natGateway));
  const natAddresses = nodesArePrivate ? addressesOf(reading, ({ NatGatewayId }) => used.has(NatGatewayId)) : [];
  return {
    vpcId,
    vpcName,
    region,
    cidrs,
    public: publicSubnets,
    private: privateSubnets,
    nodesArePrivate,
    natAddresses,
    allNatAddresses: addressesOf(reading, ({ State }) => State === 'available'),
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

function addressesOf({ natGateways }: VpcReading, isMeant: (gateway: NatGateway) => boolean): readonly string[] {
  return natGateways
    .filter(isMeant)
    .flatMap((gateway) => gateway.NatGatewayAddresses?.flatMap(({ PublicIp }) => PublicIp ?? []) ?? []);
}
