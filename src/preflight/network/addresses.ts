/**
 * Whether each subnet has addresses for what new clusters take from it: network interfaces of control planes, nodes with their pods, the
 * load balancer. A node or pod that comes when others have taken the last address does not start.
 */
import type { InstanceCapacity } from '../../aws/ec2/capacity.js';
import { counted } from '../../errors/counted.js';
import { ok, warning } from '../../errors/diagnostic.js';
import { type Diagnostic, Problem } from '../../errors/problem.js';
import type { ClusterRole, Fleet, FleetMemberCluster } from '../../fleet/fleet.js';
import { largerRange } from '../../fleet/settings/vpc-ranges.js';
import { type ClassifiedSubnet, clusterKey, type Network } from '../../model/facts.js';
import { loadBalancerSubnets, nodeSubnets } from './network.js';
import { zonesOfNodes } from './node-zones.js';
import { leastFreeAddresses } from './subnets.js';

/** A new cluster has two interfaces of EKS, in different subnets, and up to four later (EKS Best Practices, VPC and subnets). */
const controlPlane = 1;

/** Each subnet of a Network Load Balancer must have so many free addresses when it is created (ELB, availability zones of an NLB); it takes one. */
export const balancerWants = 8;

/**
 * Pods with an address of their own. In every cluster CoreDNS and the metrics server, two each; in the parent Karmada's 16 and the two controllers
 * of the EBS CSI driver, and one of the driver on each node; in a pull member the agent.
 */
const pods: Readonly<Record<ClusterRole, { readonly ofCluster: number; readonly ofNode: number }>> = {
  parent: { ofCluster: 22, ofNode: 1 },
  member: { ofCluster: 5, ofNode: 0 },
};

/** What one node takes of its subnet. */
interface NodeNeed {
  /** With its pods, if there is no more to be had. */
  readonly least: number;
  /** With the addresses that the VPC CNI keeps ready. */
  readonly usual: number;
}

/** What a subnet is to hold of new clusters. */
interface SubnetNeed {
  readonly subnet: ClassifiedSubnet;
  readonly region: string;
  /** Names of the clusters whose control planes may use it. */
  readonly clusters: string[];
  readonly nodes: NodeNeed[];
  balanced: boolean;
}

export interface AddressRequest {
  readonly fleet: Fleet;
  /** The clusters that are to be created. */
  readonly missing: readonly FleetMemberCluster[];
  readonly networks: ReadonlyMap<string, Network>;
  readonly capacity: InstanceCapacity;
}

/** Problem `vpc-unusable` for each subnet in which something would not start, a warning for one that would be full. */
export function judgeAddresses(request: AddressRequest): readonly Diagnostic[] {
  const needs = needsOf(request);
  if (needs.length === 0) return [];
  const problems = needs.filter((need) => need.subnet.freeAddresses < leastOf(need));
  const tight = needs.filter((need) => !problems.includes(need) && need.subnet.freeAddresses < usualOf(need));
  if (problems.length + tight.length === 0) return [ok('each subnet has addresses for what is to be created in it')];
  return [
    ...problems.map((need) => tooFew(need, request, problems)),
    ...tight.map((need) =>
      warning({
        what: `${need.subnet.id} in ${need.subnet.zone} has ${need.subnet.freeAddresses} free addresses, and what is to be created in it takes up to ${usualOf(need)}`,
        why: taken(need, request),
        next: [moreAddresses(need, request)],
      }),
    ),
  ];
}

/** Of a VPC that is still to be made, the range is free to choose. */
function moreAddresses(need: SubnetNeed, { fleet: { ownVpc }, missing, networks }: AddressRequest): string {
  const { subnet, region, clusters } = need;
  const isNew = missing.some((each) => {
    const isConcerned = each.region === region && clusters.includes(each.cluster);
    return isConcerned && networks.get(clusterKey(each))?.planned !== undefined;
  });
  if (!isNew || ownVpc === undefined)
    return 'free addresses in it, or add a larger subnet in its zone with the same route table';
  const range = largerRange(ownVpc.cidr, usualOf(need) / subnet.freeAddresses);
  return range === undefined ? 'create fewer nodes or members' : `make a larger VPC: --create-vpc ${range}`;
}

function tooFew(need: SubnetNeed, request: AddressRequest, problems: readonly SubnetNeed[]): Problem {
  const { id, zone, freeAddresses } = need.subnet;
  return new Problem('vpc-unusable', {
    what: `${id} in ${zone} has ${freeAddresses} free addresses, expected at least ${leastOf(need)}`,
    why: taken(need, request),
    next: [
      moreAddresses(need, request),
      ...otherZones(need, request, problems),
      'or create fewer nodes or members, or use another VPC',
    ],
  });
}

/** Zones in which every subnet has room, where there are enough of them for every cluster that would use this one. */
function otherZones(
  { clusters, region }: SubnetNeed,
  { missing, networks }: AddressRequest,
  problems: readonly SubnetNeed[],
): readonly string[] {
  const full = new Set(problems.filter((each) => each.region === region).map(({ subnet }) => subnet.zone));
  const concerned = missing.filter((each) => each.region === region && clusters.includes(each.cluster));
  const roomy = concerned.map((each) => {
    const network = networks.get(clusterKey(each));
    const zones = network === undefined ? [] : nodeSubnets(network).map(({ zone }) => zone);
    return zones.filter((zone) => !full.has(zone));
  });
  const [zones = []] = roomy;
  const isSame = roomy.every((each) => each.join() === zones.join());
  return zones.length >= 2 && isSame ? [`or leave its zone out: --zones ${zones.join(',')}`] : [];
}

/** What the sum consists of. */
function taken({ clusters, nodes, balanced }: SubnetNeed, { fleet, capacity }: AddressRequest): string {
  const most = Math.max(0, ...nodes.map(({ usual }) => usual));
  const count = nodes.length === 1 ? 'a node takes' : `${nodes.length} nodes take`;
  return [
    `${counted(clusters.length, 'control plane')} (${namesOf(clusters)}), each of which wants ${leastFreeAddresses} free and takes ${controlPlane}`,
    ...(nodes.length === 0
      ? []
      : [
          `${count} up to ${most}${nodes.length === 1 ? '' : ' each'} with pods, ${capacity.addresses} with each interface of ${fleet.instanceTypes.join(' or ')}`,
        ]),
    ...(balanced ? [`the load balancer, which wants ${balancerWants} free`] : []),
  ].join('; ');
}

function namesOf(clusters: readonly string[]): string {
  return clusters.length <= 4 ? clusters.join(', ') : `${clusters.slice(0, 3).join(', ')}, …`;
}

/** So that all starts in whatever order: the last one finds what it needs when the others have taken what they usually take. */
function leastOf({ clusters, nodes, balanced }: SubnetNeed): number {
  const planes = controlPlane * clusters.length;
  const usual = sum(nodes.map((node) => node.usual));
  const saved = Math.max(0, ...nodes.map((node) => node.usual - node.least));
  return Math.max(
    planes - controlPlane + (clusters.length > 0 ? leastFreeAddresses : 0),
    planes + usual - saved + (balanced ? 1 : 0),
    balanced ? planes + usual + balancerWants : 0,
  );
}

function usualOf(need: SubnetNeed): number {
  return controlPlane * need.clusters.length + sum(need.nodes.map(({ usual }) => usual)) + (need.balanced ? 1 : 0);
}

function needsOf({ fleet, missing, networks, capacity }: AddressRequest): readonly SubnetNeed[] {
  const needs = new Map<string, SubnetNeed>();
  for (const cluster of missing) {
    const network = networks.get(clusterKey(cluster));
    if (network === undefined) continue;
    const needOf = (subnet: ClassifiedSubnet): SubnetNeed => {
      const need = needs.get(subnet.id) ?? { subnet, region: cluster.region, clusters: [], nodes: [], balanced: false };
      needs.set(subnet.id, need);
      return need;
    };
    // eksctl is given the subnets of a kind only where there are two of them.
    for (const kind of [network.private, network.public].filter(({ length }) => length >= 2))
      for (const subnet of kind) needOf(subnet).clusters.push(cluster.cluster);
    const zones = zonesOfNodes(fleet, cluster, network, []);
    const node = nodeNeed(fleet, cluster.role, capacity);
    for (const subnet of nodeSubnets(network).filter(({ zone }) => zones.includes(zone)))
      needOf(subnet).nodes.push(...Array.from({ length: Math.ceil(fleet.nodes / zones.length) }, () => node));
    if (cluster.role !== 'parent') continue;
    for (const subnet of loadBalancerSubnets(network, fleet.internal)) needOf(subnet).balanced = true;
  }
  return [...needs.values()].sort((a, b) => a.subnet.zone.localeCompare(b.subnet.zone));
}

/**
 * The VPC CNI takes an interface with all its addresses, one of them the interface's own, and always one interface more than its pods need, up to
 * what the type can have (amazon-vpc-cni-k8s, docs/eni-and-ip-target.md: WARM_ENI_TARGET is 1).
 */
function nodeNeed({ nodes }: Fleet, role: ClusterRole, { interfaces, addresses }: InstanceCapacity): NodeNeed {
  const count = Math.ceil(pods[role].ofCluster / nodes) + pods[role].ofNode;
  const attached = Math.min(interfaces, Math.ceil(count / Math.max(1, addresses - 1)) + 1);
  return { least: 1 + count, usual: Math.max(1 + count, attached * addresses) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
