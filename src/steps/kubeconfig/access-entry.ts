/** The commands with which whoever administers an EKS cluster lets an identity administer it too. */
import { principalOf } from '../../aws/refused-role.js';
import type { EksCluster } from '../../fleet/fleet.js';
import { asWhom } from '../../world/place.js';

/** `principal`: ARN of a user or a role, or of a session of it (EKS User Guide, access entries and access policies). */
export function accessEntryCommands(place: EksCluster, principal: string): readonly [string, string] {
  const arn = principalOf(principal);
  const policy = `arn:${arn.split(':')[1] ?? 'aws'}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`;
  const entry = `--region ${place.region} --cluster-name ${place.cluster} --principal-arn ${arn}`;
  return [
    `aws eks create-access-entry ${entry}${asWhom(place)}`,
    `aws eks associate-access-policy ${entry} --policy-arn ${policy} --access-scope type=cluster${asWhom(place)}`,
  ];
}
