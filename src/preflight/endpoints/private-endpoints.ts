/**
 * Who reaches the private endpoints of new EKS clusters. Their names lead to private addresses everywhere, so what counts is the way there
 * and back, and the cluster's security group (EKS User Guide, cluster endpoint).
 */
import { listInterfaces, where } from '../../aws/ec2/lists.js';
import type { Clients } from '../../clients/clients.js';
import { okUnless, warning } from '../../errors/diagnostic.js';
import { type Diagnostic, Problem } from '../../errors/problem.js';
import type { Fleet, FleetMemberCluster } from '../../fleet/fleet.js';
import { admits, contains } from '../../model/cidr.js';
import { clusterKey, type Network } from '../../model/facts.js';
import type { OwnInterface } from '../../world/interfaces.js';
import { ownRegion } from '../../world/place.js';
import { leadsTo } from '../network/connections.js';
import { isPushed } from '../public-access.js';

type Networks = ReadonlyMap<string, Network>;

/**
 * The IPv4 CIDRs that a new cluster's security group admits to port 443: its VPC, for Karmada and for whoever works in it; with private
 * endpoints only, also those that were named, and for a push member in another VPC that of Karmada.
 */
export function privateAccessTo(fleet: Fleet, cluster: FleetMemberCluster, networks: Networks): readonly string[] {
  const own = networks.get(clusterKey(cluster))?.cidrs ?? [];
  if (!fleet.privateEndpoints) return own;
  const parents = isPushed(fleet, cluster) ? (networks.get(clusterKey(fleet.parent))?.cidrs ?? []) : [];
  return [...new Set([...own, ...parents, ...fleet.privateAccess])];
}

/** Whether this machine, and Karmada, will reach the endpoints of the clusters that are to be made. @throws Problem of a call of EC2 that failed */
export async function judgePrivateEndpoints(
  clients: Clients,
  fleet: Fleet,
  missing: readonly FleetMemberCluster[],
  networks: Networks,
): Promise<readonly Diagnostic[]> {
  if (!fleet.privateEndpoints) return [];
  const byVpc = new Map<string, { readonly network: Network; readonly clusters: FleetMemberCluster[] }>();
  for (const cluster of missing) {
    const network = networks.get(clusterKey(cluster));
    if (network === undefined) continue;
    const key = `${network.region}/${network.vpcId}`;
    byVpc.set(key, { network, clusters: [...(byVpc.get(key)?.clusters ?? []), cluster] });
  }
  const vpcs = [...byVpc.values()];
  const judged = await Promise.all(vpcs.map((vpc) => judgeMachine(clients, fleet, vpc)));
  return okUnless(
    [...judged.flat(), ...missing.flatMap((cluster) => judgeKarmada(fleet, cluster, networks))],
    `this machine is in the network of new clusters: ${vpcs.map(({ network: { vpcId } }) => vpcId).join(', ') || 'all are there'}`,
  );
}

interface Vpc {
  readonly network: Network;
  readonly clusters: readonly FleetMemberCluster[];
}

/** An address alone proves nothing: a network at home may use the same ones. */
async function judgeMachine(clients: Clients, { privateAccess }: Fleet, vpc: Vpc): Promise<readonly Diagnostic[]> {
  const { network, clusters } = vpc;
  const interfaces = clients.world.ownInterfaces();
  if (network.planned !== undefined) return [unmade(vpc)];
  const [first] = clusters;
  if (first !== undefined && (await standsIn(clients, first, network, interfaces))) return [];
  if (privateAccess.length === 0) return [outside(vpc, interfaces)];
  const led = privateAccess.filter((range) => isLedBack(network, range));
  if (led.length === 0) return [noWayBack(network, privateAccess)];
  const isThere = interfaces.some(({ address }) => admits(led, address));
  return isThere ? [] : [elsewhere(network, led, interfaces)];
}

function isLedBack(network: Network, range: string): boolean {
  return network.cidrs.some((cidr) => contains(cidr, range)) || leadsTo(network, range) !== 'no';
}

/** Whether this machine is in the VPC, by the hardware address and the address of an interface: nobody has both by chance. */
export async function standsIn(
  { world }: Clients,
  place: FleetMemberCluster,
  { vpcId }: Network,
  interfaces: readonly OwnInterface[],
): Promise<boolean> {
  if (interfaces.length === 0) return false;
  const macs = new Set(interfaces.map(({ mac }) => mac));
  // In a VPC that another account shares, each account sees its own interfaces only.
  const places = place.account === undefined ? [place] : [place, ownRegion(place.region)];
  const found = await Promise.all(places.map((each) => listInterfaces(world.aws, each, where('mac-address', ...macs))));
  return found
    .flat()
    .some(
      ({ VpcId, MacAddress, PrivateIpAddresses = [] }) =>
        VpcId === vpcId &&
        interfaces.some(
          ({ address, mac }) =>
            mac === MacAddress && PrivateIpAddresses.some(({ PrivateIpAddress }) => PrivateIpAddress === address),
        ),
    );
}

const nameOf = ({ vpcId, vpcName, region }: Network): string =>
  `VPC ${vpcId}${vpcName === '' ? '' : ` (${vpcName})`} in ${region}`;

function outside({ network, clusters }: Vpc, interfaces: readonly OwnInterface[]): Problem {
  const addresses = interfaces.map(({ address }) => address);
  const alike = addresses.find((address) => admits(network.cidrs, address));
  const [example = '10.1.2.3'] = addresses;
  return new Problem('outside-network', {
    what: `this machine is not in ${nameOf(network)}, so it could not reach the private endpoints of ${namesOf(clusters)}`,
    why: `no network interface of the VPC is this machine’s, whose addresses are ${addresses.join(', ') || 'none'}${
      alike === undefined
        ? ''
        : ` (${alike} is in the VPC’s range, but so is that of many other networks and containers)`
    }`,
    next: [
      'run it on a machine in that VPC, such as an EC2 instance in one of its subnets',
      `or, on a machine in a network that is connected to the VPC, name the range it calls from: --private-access-cidr ${example}/32`,
      'or give the clusters public endpoints: omit --private-endpoints; --public-access-cidr limits them',
    ],
  });
}

function namesOf(clusters: readonly FleetMemberCluster[]): string {
  return clusters.map(({ cluster }) => cluster).join(', ');
}

function unmade({ network, clusters }: Vpc): Problem {
  return new Problem('outside-network', {
    what: `the VPC ${network.vpcName} is still to be made, so no machine in it could reach the private endpoints of ${namesOf(clusters)}`,
    next: ['make the VPC and a machine in it first, and run it there: --vpc ID', 'or omit --private-endpoints'],
  });
}

function noWayBack(network: Network, ranges: readonly string[]): Problem {
  return new Problem('outside-network', {
    what: `${nameOf(network)} has no way back to ${ranges.join(', ')}, so no machine there could reach private endpoints in it`,
    why: 'not all subnets of the clusters have an active route to it by a peering, a transit gateway or a VPN',
    next: [
      'add that route to the route tables of these subnets, or set the range that is connected: --private-access-cidr',
      'or run it on a machine in that VPC, such as an EC2 instance in one of its subnets',
    ],
  });
}

/** Its address may be translated on the way: what reaches the endpoint is known when there is one. */
function elsewhere(network: Network, ranges: readonly string[], interfaces: readonly OwnInterface[]): Diagnostic {
  return warning({
    what: `no address of this machine (${interfaces.map(({ address }) => address).join(', ')}) is in ${ranges.join(', ')}, from which it is to reach private endpoints in ${nameOf(network)}`,
    next: [
      'go on if addresses are translated on the way; whether the first endpoint answers is checked before nodes are made',
    ],
  });
}

/** Karmada calls a push member from the parent's nodes: in another VPC only where both have a route to the other. */
function judgeKarmada(fleet: Fleet, cluster: FleetMemberCluster, networks: Networks): readonly Problem[] {
  const [own, parents] = [networks.get(clusterKey(cluster)), networks.get(clusterKey(fleet.parent))];
  if (own === undefined || parents === undefined || !isPushed(fleet, cluster)) return [];
  if (own.vpcId === parents.vpcId && own.region === parents.region) return [];
  const isConnected = leadsToAll(parents, own.cidrs) && leadsToAll(own, parents.cidrs);
  return isConnected ? [] : [unconnected(cluster, own, parents)];
}

function leadsToAll(network: Network, ranges: readonly string[]): boolean {
  return ranges.every((range) => leadsTo(network, range) !== 'no');
}

function unconnected({ cluster, scope }: FleetMemberCluster, own: Network, parents: Network): Problem {
  return new Problem('vpc-unusable', {
    what: `Karmada could not reach push member ${scope}: the endpoint of ${cluster} would be private in ${nameOf(own)}, and Karmada is in ${nameOf(parents)}`,
    why: `their subnets do not lead to each other (${own.cidrs.join(', ')} and ${parents.cidrs.join(', ')}) by a peering or a transit gateway`,
    next: [
      `join it in pull mode, so that Karmada need not reach it: --member name=${scope},mode=pull`,
      'or connect the VPCs, with routes in both directions, or put the member into the parent’s VPC',
    ],
  });
}
