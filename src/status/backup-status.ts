/** Scheduled backups, as status shows them. */
import type { Clients } from '../clients/clients.js';
import type { Fleet } from '../fleet/fleet.js';
import { scheduleAdvice } from '../state/backup-advice.js';
import {
  type BackupSchedule,
  dateOf,
  readBackupSchedule,
  type ScheduleNote,
  type ScheduleTrouble,
  scheduleTrouble,
} from '../state/backup-schedule.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import type { Call } from '../tools/run.js';

export interface BackupStatus {
  /** In UTC, as a CronJob has it. */
  readonly schedule: string;
  readonly to: string;
  /** ISO texts; undefined: none has succeeded yet, or the schedule is suspended. */
  readonly lastSuccess: string | undefined;
  readonly next: string | undefined;
  /** What should be looked at, one line; undefined: all is well. */
  readonly trouble: string | undefined;
}

/** Undefined where no backups are scheduled. */
export async function backupStatus(
  clients: Clients,
  parent: KubeAccess | undefined,
  fleet: Pick<Fleet, 'id'> & Parameters<typeof scheduleAdvice>[2],
  call: Call,
): Promise<BackupStatus | undefined> {
  const found = parent && (await readBackupSchedule(clients, parent, fleet.id, call));
  if (found === undefined) return undefined;
  const trouble = scheduleTrouble(found, clients.world.clock.now());
  return { ...timesOf(found), trouble: trouble && troubleText(trouble, found.note, fleet) };
}

type Times = Omit<BackupStatus, 'trouble'>;

function timesOf({ schedule, note, succeededAt, nextAt }: BackupSchedule): Times {
  return { schedule, to: note.to, lastSuccess: isoOf(succeededAt), next: isoOf(nextAt) };
}

/** As `backupLine`, of what was read already. */
export function scheduleLine(found: BackupSchedule): string {
  return backupLine(timesOf(found));
}

/** With the command where it is all that is needed. */
function troubleText(
  { kind, what, why }: ScheduleTrouble,
  note: ScheduleNote,
  fleet: Parameters<typeof scheduleAdvice>[2],
): string {
  const [first] = scheduleAdvice(kind, note, fleet);
  const isSure = kind === 'gone' || kind === 'suspended' || kind === 'changed';
  return `${[what, why].filter((each) => each !== undefined).join(': ')}${isSure ? `; ${first}` : ''}`;
}

function isoOf(moment: number | undefined): string | undefined {
  return moment === undefined ? undefined : new Date(moment).toISOString();
}

/** e.g. `backups: "0 3 * * *" (UTC) into s3://…; the last one ended 2026-11-28 03:00 UTC, the next one begins …`. */
export function backupLine({ schedule, to, lastSuccess, next }: Times): string {
  const last =
    lastSuccess === undefined ? 'none has ended yet' : `the last one ended ${dateOf(Date.parse(lastSuccess))}`;
  const coming = next === undefined ? '' : `, the next one begins ${dateOf(Date.parse(next))}`;
  return `backups: "${schedule}" (UTC) into ${to}; ${last}${coming}`;
}
