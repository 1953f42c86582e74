/** Whether scheduled backups succeed. */
import { accessParent } from '../access/cluster-access.js';
import type { Clients } from '../clients/clients.js';
import { ok, warning } from '../errors/diagnostic.js';
import type { Diagnostic } from '../errors/problem.js';
import { scheduleAdvice } from '../state/backup-advice.js';
import { readBackupSchedule, scheduleTrouble } from '../state/backup-schedule.js';
import { scheduleLine } from '../status/backup-status.js';
import type { Call } from '../tools/run.js';
import type { DoctorSubject } from './fleet-checks.js';

/** Nothing where there is no parent, or nothing is scheduled. */
export async function checkBackups(
  clients: Clients,
  { fleet, paths }: DoctorSubject,
  call: Call,
): Promise<readonly Diagnostic[]> {
  const parent = await accessParent(clients, fleet.parent, paths);
  const found = parent && (await readBackupSchedule(clients, parent, fleet.id, call));
  if (found === undefined) return [];
  const trouble = scheduleTrouble(found, clients.world.clock.now());
  if (trouble === undefined) return [ok(scheduleLine(found))];
  const { kind, ...told } = trouble;
  return [warning({ ...told, next: scheduleAdvice(kind, found.note, fleet) })];
}
