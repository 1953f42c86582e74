/** The role with which the EBS CSI driver calls AWS, where eksctl's own will not do. */
import { ebsRoleName } from '../../../fleet/ebs-driver.js';
import type { FleetMemberCluster } from '../../../fleet/fleet.js';
import { fleetTag } from '../../../fleet/names.js';
import { roleArn } from '../../../fleet/role-name.js';
import type { EbsRole } from '../../../tools/eksctl/commands.js';
import type { CreateContext, FleetContext } from '../../context.js';

export function ebsRole({ fleet, caller, facts }: CreateContext, cluster: FleetMemberCluster): EbsRole {
  const { id, tags, permissionsBoundary } = fleet;
  return {
    name: ebsRoleName(cluster),
    policy: `arn:${caller.partition}:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy`,
    key: facts.volumeKey,
    tags: { ...tags, [fleetTag]: id },
    ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
  };
}

export function ebsRoleArn({ caller }: FleetContext, cluster: FleetMemberCluster): string {
  return roleArn(caller, ebsRoleName(cluster));
}

/** Whether the driver of a cluster of the fleet's own needs a statement that eksctl does not write by itself. */
export function needsOwnRole({ facts }: CreateContext, { role }: Pick<FleetMemberCluster, 'role'>): boolean {
  return role === 'parent' && facts.volumeKey !== undefined;
}
