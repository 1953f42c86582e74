/** The addresses of subnets: what is taken from them by interfaces, and by the VPC CNI for pods. */
import type { ApiState, NodeGroupState, RegionState, SubnetState } from '../state.js';

/** Interfaces, and IPv4 addresses of each (amazon-vpc-cni-k8s, pkg/vpc/vpc_ip_resource_limit.go). */
export function interfacesOf(type: string): { readonly interfaces: number; readonly addresses: number } {
  if (type === 't3.medium') return { interfaces: 3, addresses: 6 };
  if (type.endsWith('.xlarge')) return { interfaces: 4, addresses: 15 };
  return { interfaces: 3, addresses: type.startsWith('t') ? 12 : 10 };
}

/**
 * How many addresses of a subnet are free. An interface takes one. A node takes those of one interface more than its pods need
 * (amazon-vpc-cni-k8s, docs/eni-and-ip-target.md: WARM_ENI_TARGET is 1), one that is being created too, with the pods of a new one.
 */
export function freeAddressesOf(
  region: RegionState,
  apis: Readonly<Record<string, ApiState>>,
  { id, freeAddresses }: SubnetState,
): number {
  const nodes = region.instances.filter(({ subnetId }) => subnetId === id);
  const own = new Set(nodes.map(({ interfaceId }) => interfaceId));
  const others = region.networkInterfaces.filter((each) => each.subnetId === id && !own.has(each.id));
  const ofNodes = nodes.map(({ cluster, nodeGroup, interfaceId }) => {
    const address = region.networkInterfaces.find((each) => each.id === interfaceId)?.privateIp ?? '';
    const pods = podsAt(apis, cluster, `ip-${address.replaceAll('.', '-')}.`);
    return takenBy(region.clusters[cluster]?.nodeGroups[nodeGroup]?.instanceType, pods);
  });
  const coming = Object.values(region.clusters)
    .flatMap(({ nodeGroups }) => Object.values(nodeGroups))
    .filter(({ status }) => status === 'CREATING');
  const ofComing = coming.map((group) => comingTo(group, id) * takenBy(group.instanceType, 0));
  const taken = [others.length, ...ofNodes, ...ofComing].reduce((sum, each) => sum + each, 0);
  return Math.max(0, freeAddresses - taken);
}

/** Of CoreDNS, the metrics server and the EBS CSI driver, which are not simulated: about two a node. */
const unseenPods = 2;

function takenBy(instanceType: string | undefined, seenPods: number): number {
  const { interfaces, addresses } = interfacesOf(instanceType ?? '');
  return addresses * Math.min(interfaces, Math.ceil((unseenPods + seenPods) / (addresses - 1)) + 1);
}

/** Nodes that a new group will have in a subnet. */
function comingTo({ size, subnetIds }: Pick<NodeGroupState, 'size' | 'subnetIds'>, subnetId: string): number {
  return Array.from({ length: size }, (_, index) => subnetIds[index % subnetIds.length]).filter(
    (each) => each === subnetId,
  ).length;
}

function podsAt(apis: Readonly<Record<string, ApiState>>, cluster: string, nodeName: string): number {
  const api = Object.values(apis).find((each) => each.kind === 'eks' && each.cluster === cluster);
  const objects = Object.values(api?.objects ?? {});
  return objects.filter(({ kind, spec }) => {
    const node = typeof spec === 'object' && spec !== null && 'nodeName' in spec ? spec.nodeName : undefined;
    return kind === 'Pod' && typeof node === 'string' && node.startsWith(nodeName);
  }).length;
}

/** What Auto Scaling says of a group whose nodes find no address; undefined while there are enough (EC2 API error codes). */
export function withoutAddress(
  region: RegionState,
  apis: Readonly<Record<string, ApiState>>,
  group: Pick<NodeGroupState, 'size' | 'subnetIds'>,
): string | undefined {
  const full = group.subnetIds.find((id) => {
    const subnet = region.subnets.find((each) => each.id === id);
    const wanted = comingTo(group, id);
    return subnet !== undefined && freeAddressesOf(region, apis, subnet) < wanted;
  });
  if (full === undefined) return undefined;
  return `Could not launch On-Demand Instances. InsufficientFreeAddressesInSubnet - There are not enough free addresses in subnet '${full}' to satisfy the requested number of instances. Launching EC2 instance failed.`;
}
