/** The zones to which the volumes of a cluster's etcd are bound. */
import { makeEc2Leftovers } from '../../aws/ec2/ec2-leftovers.js';
import { tagsIn } from '../../aws/tags.js';
import type { FleetMemberCluster } from '../../fleet/fleet.js';
import { claimIn, isEtcdClaim } from '../../leftovers/volume-claims.js';
import { ownedTag } from '../../ownership/cluster-tags.js';
import type { FleetContext } from '../context.js';

/** The zones of the volumes of a cluster's etcd; none for a member, which has none. */
export async function zonesOfVolumes(
  { clients }: Pick<FleetContext, 'clients'>,
  { cluster, region, account, role }: FleetMemberCluster,
): Promise<readonly string[]> {
  if (role !== 'parent') return [];
  const ec2 = makeEc2Leftovers(clients.world.aws, { region, account });
  const volumes = await ec2.volumes({ key: ownedTag(cluster), values: ['owned'] });
  return volumes.flatMap(({ AvailabilityZone, Tags }) => {
    const claim = claimIn(tagsIn(Tags));
    return AvailabilityZone !== undefined && claim !== undefined && isEtcdClaim(claim) ? [AvailabilityZone] : [];
  });
}
