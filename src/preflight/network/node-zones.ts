/**
 * The zones of a cluster's nodes. The parent's are at most as many as its nodes: a volume of etcd is bound to its zone (EC2 User
 * Guide, attaching EBS volumes), and with more zones than nodes a replaced node may be in another one, which strands the volume.
 */
import type { Fleet, FleetMemberCluster } from '../../fleet/fleet.js';
import type { Network } from '../../model/facts.js';
import { loadBalancerSubnets, nodeSubnets } from './network.js';

/**
 * The zones for the nodes of a cluster, sorted by name. The parent's are chosen the same way each time: first those to which its
 * volumes are bound, then those of the load balancer, which sends nothing to a node in another zone (ELB, target health reason
 * `Target.NotInUse`), then by name.
 */
export function zonesOfNodes(
  { nodes, internal }: Pick<Fleet, 'nodes' | 'internal'>,
  { role }: Pick<FleetMemberCluster, 'role'>,
  network: Network,
  boundZones: readonly string[],
): readonly string[] {
  const zones = nodeSubnets(network).map(({ zone }) => zone);
  if (role !== 'parent') return zones;
  const balanced = loadBalancerSubnets(network, internal).map(({ zone }) => zone);
  const rank = (zone: string): number => (boundZones.includes(zone) ? 0 : balanced.includes(zone) ? 1 : 2);
  const preferred = zones.toSorted((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  return preferred.slice(0, nodes).toSorted();
}
