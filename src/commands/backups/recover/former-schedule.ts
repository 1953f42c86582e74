/** Scheduled backups of the former parent: should it come back, it goes on taking them. */
import { readRole } from '../../../aws/iam/iam-roles.js';
import { Problem } from '../../../errors/problem.js';
import { backupRoleName, backupRoleStack } from '../../../fleet/backup-job.js';
import { fleetTag } from '../../../fleet/names.js';
import { ownRegion } from '../../../world/place.js';
import type { Session } from '../../shared/session.js';
import type { Wanted } from './prepare-recover.js';

/** How that ends, one sentence; undefined: there is no role of it, or none that is the fleet's. */
export async function formerSchedule({ clients }: Session, { backup, fleet }: Wanted): Promise<string | undefined> {
  const { parent: cluster, region } = backup.manifest.fleet;
  if (region === fleet.parent.region && cluster === fleet.parent.cluster) return undefined;
  const role = backupRoleName({ cluster, region });
  const found = await readRole(clients.world.aws, ownRegion(fleet.parent.region), role).catch(unlessRefused);
  if (found?.tags[fleetTag] !== fleet.id) return undefined;
  const stack = `aws cloudformation delete-stack --stack-name ${backupRoleStack(cluster)} --region ${region}`;
  const [, partition = 'aws'] = found.arn.split(':');
  const deny = `aws iam attach-role-policy --role-name ${role} --policy-arn arn:${partition}:iam::aws:policy/AWSDenyAll`;
  return `warning: should the former parent come back, its scheduled backups go on, into the same place, with role ${role}; to end them: ${stack}; while ${region} does not answer: ${deny}`;
}

/** The recovery is done: nothing that is only said must make it fail. */
function unlessRefused(thrown: unknown): undefined {
  if (!(thrown instanceof Problem)) throw thrown;
}
