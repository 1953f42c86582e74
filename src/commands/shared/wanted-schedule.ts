/** What a schedule of backups needs besides what is typed: its program, and what Karmada has in the parent. */
import { isDeepStrictEqual } from 'node:util';
import { gte } from 'semver';
import { etcdStatefulSet } from '../../access/etcd.js';
import { readRecipients } from '../../backup/encryption/recipients.js';
import { initsSecretsIn } from '../../backup/inits-secrets.js';
import { Problem } from '../../errors/problem.js';
import { backupImageOf } from '../../fleet/backup-job.js';
import type { Fleet } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { readBackupSchedule, scheduleNote } from '../../state/backup-schedule.js';
import { noteOf, type WantedSchedule } from '../../steps/backup/schedule/wanted-schedule.js';
import type { FleetContext } from '../../steps/context.js';
import type { KubeAccess } from '../../tools/kubectl/commands.js';
import { workload } from '../../tools/kubectl/objects.js';
import { callOf, type Session } from './session.js';

/** What is typed, understood. */
export interface TypedSchedule extends Pick<WantedSchedule, 'schedule' | 'to' | 'encryptTo' | 'keep'> {
  /** Undefined: that of the fleet. */
  readonly image: string | undefined;
}

/** @throws Problem `backup-failed` if Karmada is not installed */
export async function completeSchedule(
  session: Session,
  fleet: Fleet,
  parent: KubeAccess,
  typed: TypedSchedule,
): Promise<WantedSchedule> {
  const { clients, version: madeBy } = session;
  const call = callOf(session);
  const [secrets, etcd] = await Promise.all([
    initsSecretsIn(clients, parent, call),
    clients.kubectl.get(parent, etcdStatefulSet, workload, call),
  ]);
  if (etcd === undefined)
    throw new Problem('backup-failed', {
      what: `Karmada of fleet ${fleet.name} has no etcd: there is nothing to back up`,
      next: [fleetCommand('up', fleet)],
    });
  return {
    ...typed,
    image: typed.image ?? backupImageOf(fleet),
    madeBy,
    program: await session.backupProgram(),
    secrets: secrets.map(({ metadata }) => metadata.name).sort(),
    etcdMembers: etcd.spec?.replicas ?? 1,
  };
}

/**
 * The parent's schedule with the program of this version. Undefined: it has that already, or a newer one; nothing is scheduled; or
 * somebody has suspended, deleted or changed it, which `status` and `doctor` tell.
 * @throws Problem as `completeSchedule`
 */
export async function outdatedSchedule(
  session: Session,
  context: FleetContext,
  parent: KubeAccess,
): Promise<WantedSchedule | undefined> {
  const { clients, version } = session;
  const { fleet } = context;
  const found = await readBackupSchedule(clients, parent, fleet.id, callOf(session));
  if (found === undefined || found.isGone || found.isSuspended || found.schedule !== found.note.schedule)
    return undefined;
  const { note } = found;
  if (!gte(version, note.madeBy)) return undefined;
  const { schedule, to, keep, image } = note;
  const encryptTo = await readRecipients(note.encryptTo);
  const wanted = await completeSchedule(session, fleet, parent, { schedule, to, encryptTo, keep, image });
  return isDeepStrictEqual(scheduleNote.parse(noteOf(context, wanted)), note) ? undefined : wanted;
}
