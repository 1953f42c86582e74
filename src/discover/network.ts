/** Finds a VPC and judges whether it can hold clusters: one subnet a zone, a way out for nodes, room for a load balancer. */
import type { Vpc } from '../aws/ec2.js';
import { Problem } from '../errors/problem.js';
import type { Clients } from './clients.js';
import type { ClassifiedSubnet, Finding, Network } from './facts.js';
import { classifySubnets, type LeftOutSubnet, onePerZone } from './subnets.js';

/** What is looked for, and what it must be good for. */
export interface NetworkWish {
  readonly region: string;
  /** VPC id or Name tag. */
  readonly vpc: string;
  readonly instanceType: string;
  /** The parent's VPC also holds the load balancer of the Karmada API. */
  readonly holdsLoadBalancer: boolean;
}

/** EKS wants two zones; three let etcd survive the loss of one. */
const zones = { least: 2, wanted: 3 } as const;

/** Reads one VPC; seven calls to EC2, all but the first side by side. */
export async function findNetwork(clients: Clients, wish: NetworkWish): Promise<Finding<Network>> {
  const ec2 = clients.ec2(wish.region);
  const matching = await ec2.vpcs(wish.vpc);
  const vpc = oneOf(matching, wish, matching.length === 0 ? await ec2.vpcs() : []);
  if (vpc instanceof Problem) return { found: undefined, problems: [vpc], warnings: [] };
  const vpcId = vpc.VpcId ?? '';
  const [dns, subnets, routeTables, natGateways, availabilityZones, offering] = await Promise.all([
    ec2.vpcHasDns(vpcId),
    ec2.subnets(vpcId),
    ec2.routeTables(vpcId),
    ec2.natGateways(vpcId),
    ec2.availabilityZones(),
    ec2.zonesOffering(wish.instanceType),
  ]);
  const { usable, leftOut } = classifySubnets({ subnets, routeTables, natGateways, zones: availabilityZones });
  const offered = usable.filter((subnet) => offering.includes(subnet.zone));
  const publicSubnets = onePerZone(offered, 'public');
  const privateSubnets = onePerZone(offered, 'private');
  const nodesArePrivate = privateSubnets.length >= zones.least;
  const used = new Set(privateSubnets.map((subnet) => subnet.natGateway));
  const network: Network = {
    vpcId,
    vpcName: nameOf(vpc),
    region: wish.region,
    public: publicSubnets,
    private: privateSubnets,
    nodesArePrivate,
    natAddresses: nodesArePrivate
      ? natGateways
          .filter((gateway) => used.has(gateway.NatGatewayId))
          .flatMap((gateway) => gateway.NatGatewayAddresses?.flatMap(({ PublicIp }) => PublicIp ?? []) ?? [])
      : [],
  };
  const problems = [
    ...dnsProblems(network, dns),
    ...offerProblems(wish, offering),
    ...zoneProblems(network, wish, leftOut),
  ];
  // What follows from a network that will not do anyway (where its nodes call from) would only be noise.
  return { found: problems.length === 0 ? network : undefined, problems, warnings: zoneWarnings(network) };
}

/** The subnets that a cluster's nodes go into. */
export function nodeSubnets(network: Network): readonly ClassifiedSubnet[] {
  return network.nodesArePrivate ? network.private : network.public;
}

/** `others`: all VPCs of the region when the wanted one is not there: what the user may have meant. */
function oneOf(found: readonly Vpc[], wish: NetworkWish, others: readonly Vpc[]): Vpc | Problem {
  const [first] = found;
  if (first === undefined) {
    return new Problem('vpc-not-found', {
      what: `no VPC ${wish.vpc} in ${wish.region}`,
      ...(others.length > 0 ? { why: `there are: ${others.map(label).join(', ')}` } : {}),
      next: ['name another VPC with --vpc (its id or its Name tag; * stands for any text)', 'or another --region'],
    });
  }
  if (found.length === 1) return first;
  return new Problem('vpc-ambiguous', {
    what: `${found.length} VPCs match ${wish.vpc} in ${wish.region}`,
    why: found.map(label).join(', '),
    next: ['name one of them by its id: --vpc vpc-…'],
  });
}

function label(vpc: Vpc): string {
  return `${vpc.VpcId} (${nameOf(vpc) || 'no name'}, ${vpc.CidrBlock})`;
}

function nameOf(vpc: Vpc): string {
  return vpc.Tags?.find((tag) => tag.Key === 'Name')?.Value ?? '';
}

function unusable(network: Network, why: string, next: string): Problem {
  const what = `VPC ${network.vpcId} (${network.vpcName}) in ${network.region} cannot hold the fleet`;
  return new Problem('vpc-unusable', { what, why, next: [next] });
}

function dnsProblems(network: Network, dns: { support: boolean; hostnames: boolean }): readonly Problem[] {
  if (dns.support && dns.hostnames) return [];
  const off = [dns.support ? '' : 'enableDnsSupport', dns.hostnames ? '' : 'enableDnsHostnames'].filter(Boolean);
  return [unusable(network, `${off.join(' and ')} is off; EKS nodes need it`, `turn ${off.join(' and ')} on`)];
}

function offerProblems(wish: NetworkWish, offering: readonly string[]): readonly Problem[] {
  if (offering.length > 0) return [];
  return [
    new Problem('invalid-value', {
      what: `instance type ${wish.instanceType} is not offered in ${wish.region}`,
      next: ['choose another one: --instance-type'],
    }),
  ];
}

function zoneProblems(network: Network, wish: NetworkWish, leftOut: readonly LeftOutSubnet[]): readonly Problem[] {
  const out = leftOut.map(({ id, why }) => `${id} ${why}`);
  const seen = [
    `public in ${network.public.length} zones, private with a way out in ${network.private.length}`,
    ...(out.length > 0 ? [`left out: ${out.join(', ')}`] : []),
  ].join('; ');
  if (nodeSubnets(network).length < zones.least) {
    return [
      unusable(
        network,
        `its subnets lie in too few zones: ${seen}`,
        'give it subnets in at least two zones with a default route, or name another VPC',
      ),
    ];
  }
  const problems: Problem[] = [];
  const closed = network.nodesArePrivate ? [] : network.public.filter((subnet) => !subnet.mapPublicIp);
  if (closed.length > 0) {
    const ids = closed.map((subnet) => subnet.id).join(', ');
    problems.push(
      unusable(
        network,
        `nodes would lie in public subnets, but ${ids} do not assign public addresses (and there are no private ones with a way out)`,
        `turn auto-assign public IPv4 on for ${ids}, or give the private subnets a NAT gateway`,
      ),
    );
  }
  if (wish.holdsLoadBalancer && network.public.length === 0) {
    problems.push(
      unusable(network, `no public subnet for the load balancer of the Karmada API: ${seen}`, 'add public subnets'),
    );
  }
  return problems;
}

function zoneWarnings(network: Network): readonly string[] {
  const count = nodeSubnets(network).length;
  if (count >= zones.wanted || count < zones.least) return [];
  return [
    `VPC ${network.vpcId} (${network.vpcName}) has subnets for nodes in ${count} zones only: the loss of one may stop Karmada’s etcd`,
  ];
}
