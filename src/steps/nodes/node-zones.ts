/**
 * The zones of a cluster's nodes. The parent's are at most as many as its nodes: a volume of etcd is bound to its zone (EC2 User
 * Guide, attaching EBS volumes), and with more zones than nodes a replaced node may be in another one, which strands the volume.
 */
import { makeEc2Leftovers } from '../../aws/ec2-leftovers.js';
import { tagsIn } from '../../aws/tags.js';
import type { Fleet, FleetMemberCluster } from '../../fleet/fleet.js';
import { ownedTag } from '../../leftovers/scope.js';
import { claimIn, isEtcdClaim } from '../../leftovers/volume-claims.js';
import type { Network } from '../../model/facts.js';
import { loadBalancerSubnets, nodeSubnets } from '../../preflight/network/network.js';
import type { FleetContext } from '../context.js';

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

/** The zones of the volumes of a cluster's etcd; none for a member, which has none. */
export async function zonesOfVolumes(
  { clients }: Pick<FleetContext, 'clients'>,
  { cluster, region, role }: FleetMemberCluster,
): Promise<readonly string[]> {
  if (role !== 'parent') return [];
  const ec2 = makeEc2Leftovers(clients.world.aws, region);
  const volumes = await ec2.volumes({ key: ownedTag(cluster), values: ['owned'] });
  return volumes.flatMap(({ AvailabilityZone, Tags }) => {
    const claim = claimIn(tagsIn(Tags));
    return AvailabilityZone !== undefined && claim !== undefined && isEtcdClaim(claim) ? [AvailabilityZone] : [];
  });
}
