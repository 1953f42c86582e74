/** The schedule of backups in a fleet's parent, as its CronJob tells: what it does, how its last backups ended, and when the next one is. */
import { z } from 'zod';
import type { Clients } from '../clients/clients.js';
import { backupJob } from '../fleet/backup-job.js';
import { fleetTag, karmadaNamespace } from '../fleet/names.js';
import { timesAfter } from '../fleet/settings/cron.js';
import { jsonAs } from '../model/json-text.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { anyObject, cronJob, job, pod } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';

/** On the CronJob: what it was made of, as JSON. */
export const scheduleAnnotation = 'karmada-eks/backup-schedule';

/** On the CronJob: since when it is as it is, as ISO text. */
export const sinceAnnotation = 'karmada-eks/backup-schedule-since';

/** Label of its jobs and their pods. */
export const backupJobLabel = { app: backupJob.name } as const;

export const scheduleNote = z.object({
  schedule: z.string(),
  /** `s3://BUCKET/PREFIX`, as the user named it. */
  to: z.string(),
  encryptTo: z.array(z.string()),
  keep: z.number().optional(),
  image: z.string(),
  /** Whether it is pulled with the fleet's logins. */
  pullsWithSecret: z.boolean(),
  /** Of karmada-eks. */
  madeBy: z.string(),
  /** Name of the ConfigMap with the program and its settings, which tells what is in it. */
  program: z.string(),
  /** Names of the Secrets that are mounted. */
  secrets: z.array(z.string()),
});

export type ScheduleNote = z.infer<typeof scheduleNote>;

/** Times in ms since the epoch. */
export interface BackupSchedule {
  readonly note: ScheduleNote;
  /** When it was made, or last changed by a run. */
  readonly madeAt: number;
  /** The times that count, which somebody may have changed. */
  readonly schedule: string;
  /** Somebody has deleted its CronJob: it is known by its service account alone. */
  readonly isGone: boolean;
  /** The end of the last backup that succeeded; undefined: none has yet. */
  readonly succeededAt: number | undefined;
  /** The last job, if it failed after the last success. */
  readonly failed: { readonly at: number; readonly why: string } | undefined;
  /** Somebody has suspended it. */
  readonly isSuspended: boolean;
  /** Undefined while it is suspended or gone. */
  readonly nextAt: number | undefined;
}

export const cronJobRef = { kind: 'cronjobs', ...backupJob } as const;

/** Undefined where there is none of this fleet. */
export async function readBackupSchedule(
  { kubectl, world }: Clients,
  parent: KubeAccess,
  fleetId: string,
  call: Call,
): Promise<BackupSchedule | undefined> {
  const [found, account] = await Promise.all([
    kubectl.get(parent, cronJobRef, cronJob, call),
    kubectl.get(parent, { ...cronJobRef, kind: 'serviceaccounts' }, anyObject, call),
  ]);
  const { annotations, labels, creationTimestamp } = (found ?? account)?.metadata ?? {};
  const note = jsonAs(scheduleNote, annotations?.[scheduleAnnotation]);
  if (note === undefined || labels?.[fleetTag] !== fleetId) return undefined;
  const succeededAt = momentOf(found?.status?.lastSuccessfulTime);
  const isSuspended = found?.spec.suspend === true;
  const schedule = found?.spec.schedule ?? note.schedule;
  const now = world.clock.now();
  return {
    note,
    madeAt: momentOf(annotations?.[sinceAnnotation]) ?? momentOf(creationTimestamp) ?? now,
    schedule,
    isGone: found === undefined,
    succeededAt,
    failed: await lastFailure({ kubectl }, parent, succeededAt, call),
    isSuspended,
    nextAt: isSuspended || found === undefined ? undefined : knownTimes(schedule, now, 1)[0],
  };
}

/** None of what somebody wrote that only Kubernetes understands, such as `@every 1h`. */
function knownTimes(schedule: string, moment: number, count: number): readonly number[] {
  try {
    return timesAfter(schedule, moment, count);
  } catch {
    return [];
  }
}

function momentOf(text: string | null | undefined): number | undefined {
  const moment = Date.parse(text ?? '');
  return Number.isNaN(moment) ? undefined : moment;
}

const selector = `app=${backupJobLabel.app}`;

async function lastFailure(
  { kubectl }: Pick<Clients, 'kubectl'>,
  parent: KubeAccess,
  succeededAt: number | undefined,
  call: Call,
): Promise<BackupSchedule['failed']> {
  const jobs = await kubectl.list(parent, { kind: 'jobs.batch', namespace: karmadaNamespace, selector }, job, call);
  const ends = jobs.flatMap(({ metadata, status }) => {
    const end = status?.conditions?.find(({ type, status: is }) => type === 'Failed' && is === 'True');
    const at = momentOf(end?.lastTransitionTime);
    return end === undefined || at === undefined
      ? []
      : [{ name: metadata.name, at, reason: end.message ?? end.reason }];
  });
  const last = ends.sort((one, other) => other.at - one.at)[0];
  if (last === undefined || last.at < (succeededAt ?? 0)) return undefined;
  return { at: last.at, why: (await lastWords(kubectl, parent, last.name, call)) ?? last.reason ?? 'unknown' };
}

/** The last line of a container that failed, or why its image could not be pulled; undefined where no pod is left. */
async function lastWords(
  kubectl: Clients['kubectl'],
  parent: KubeAccess,
  name: string,
  call: Call,
): Promise<string | undefined> {
  const pods = await kubectl.list(parent, { kind: 'pods', namespace: karmadaNamespace, selector }, pod, call);
  const own = pods.filter(({ metadata }) => metadata.labels?.['job-name'] === name);
  const said = own.flatMap(({ status }) =>
    (status?.containerStatuses ?? []).flatMap(({ state }) => [
      ...(state?.terminated?.message?.trim().split('\n').slice(-1) ?? []),
      ...(state?.waiting?.message === undefined ? [] : [state.waiting.message]),
    ]),
  );
  return said.filter((text) => text !== '').at(-1);
}

export interface ScheduleTrouble {
  readonly kind: 'gone' | 'suspended' | 'changed' | 'failed' | 'late';
  readonly what: string;
  readonly why?: string;
}

/** Why somebody should look at it, as of `now`; undefined: all is well. */
export function scheduleTrouble(
  { note, madeAt, schedule, isGone, succeededAt, failed, isSuspended }: BackupSchedule,
  now: number,
): ScheduleTrouble | undefined {
  if (isGone) {
    const why = `CronJob ${backupJob.namespace}/${backupJob.name} is not there any more`;
    return { kind: 'gone', what: 'backups are scheduled, but none is taken', why };
  }
  if (isSuspended) return { kind: 'suspended', what: 'scheduled backups are suspended' };
  if (schedule !== note.schedule) {
    const why = `"${schedule}" in place of "${note.schedule}"`;
    return { kind: 'changed', what: 'the schedule of backups was changed by somebody', why };
  }
  if (failed !== undefined) return { kind: 'failed', what: 'the last scheduled backup failed', why: failed.why };
  const [, second] = knownTimes(schedule, Math.max(succeededAt ?? 0, madeAt), 2);
  if (second === undefined || now < second + graceMs) return undefined;
  const since = succeededAt === undefined ? 'none has succeeded yet' : `the last one ended ${dateOf(succeededAt)}`;
  return { kind: 'late', what: 'scheduled backups are failing', why: `two were due since: ${since}` };
}

/** How long a backup may take, in ms: the job has as long. */
export const graceMs = 3_600_000;

/** e.g. `2026-11-28 03:00 UTC`. */
export function dateOf(moment: number): string {
  return `${new Date(moment).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
