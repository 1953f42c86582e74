/** `backup --schedule`: has the parent back Karmada up at certain times, or ends that. */
import { makeKms } from '../../../aws/kms.js';
import { folderAddress, isAddress } from '../../../backup/address.js';
import { mustEncrypt } from '../../../backup/encryption/must-encrypt.js';
import { readRecipients } from '../../../backup/encryption/recipients.js';
import { ExitCode } from '../../../errors/exit-codes.js';
import { Problem } from '../../../errors/problem.js';
import { fleetCommand } from '../../../fleet/fleet-command.js';
import { cronText } from '../../../fleet/settings/cron.js';
import type { OptionsOf } from '../../../options/table.js';
import { scheduleSteps, unscheduleSteps } from '../../../pipelines/schedule.js';
import { dateOf, readBackupSchedule } from '../../../state/backup-schedule.js';
import type { FleetContext } from '../../../steps/context.js';
import type { KubeAccess } from '../../../tools/kubectl/commands.js';
import { consent, plainConsent, requireConsent } from '../../review/consent.js';
import { nothingToDo, planTable } from '../../review/plan-table.js';
import { backupFilesOf } from '../../shared/backup-place.js';
import { exitCodeOf } from '../../shared/execute.js';
import { silentKarmada } from '../../shared/karmada-of.js';
import { stateOf } from '../../shared/next-steps.js';
import { executeRun, type PlannedRun, planRun, review } from '../../shared/planned-run.js';
import type { RequestOptions } from '../../shared/resolve-request.js';
import { callOf, type Session } from '../../shared/session.js';
import { completeSchedule, type TypedSchedule } from '../../shared/wanted-schedule.js';
import { type OpenFleet, withFleet } from '../../shared/with-fleet.js';

export type ScheduleOptions = RequestOptions &
  OptionsOf<'backupTo' | 'encryptTo' | 'keepBackups' | 'schedule' | 'backupImage' | 'yes'>;

interface Prepared extends PlannedRun {
  readonly parent: KubeAccess;
}

/** `schedule`: what `--schedule` is given. */
export async function scheduleBackup(session: Session, schedule: string, options: ScheduleOptions): Promise<number> {
  const typed = schedule.trim() === 'off' ? undefined : await readTyped(schedule, options);
  requireConsent(session, 'backup --schedule', { '--yes': options.yes });
  return await withFleet(
    session,
    options,
    { lock: true },
    (open) => prepare(open, typed),
    (open, prepared) => carryOut(open, prepared, typed, options),
  );
}

/** @throws Problem `missing-value`, `invalid-value` */
async function readTyped(schedule: string, options: ScheduleOptions): Promise<TypedSchedule> {
  const text = cronText(schedule, '--schedule');
  const { backupTo: to, encryptTo, keepBackups: keep, backupImage: image } = options;
  if (to === undefined || !isAddress(to))
    throw new Problem(to === undefined ? 'missing-value' : 'invalid-value', {
      what: `--schedule: expected --to s3://BUCKET/PREFIX${to === undefined ? '' : `, got ${to}`}`,
      why: 'a pod has no other place that outlives the parent',
      next: ['name a bucket of this account, or s3://ACCOUNT@BUCKET/PREFIX: --to s3://BUCKET/PREFIX'],
    });
  if (encryptTo.length === 0)
    throw new Problem('missing-value', {
      what: '--schedule: expected --encrypt-to',
      why: 'a backup holds the keys of Karmada’s CA, and nobody looks at where scheduled ones go',
      next: ['encrypt them for a KMS key or an age recipient: --encrypt-to RECIPIENT'],
    });
  const folder = folderAddress(to, '--to');
  return { schedule: text, to: folder, encryptTo: await readRecipients(encryptTo), keep, image };
}

async function prepare(open: OpenFleet, typed: TypedSchedule | undefined): Promise<Prepared> {
  const { session, fleet, paths, caller, access } = open;
  const { clients } = session;
  const { apis, ownership } = await access({ ...fleet, members: [], former: [] });
  const parent = apis.get('parent');
  if (parent === undefined) throw silentKarmada(fleet);
  const context: FleetContext = { fleet, caller, clients, paths, ownership };
  const wanted = typed === undefined ? undefined : await completeSchedule(session, fleet, parent, typed);
  if (wanted !== undefined) {
    await backupFilesOf(session, fleet.parent.region).mustExist(wanted.to);
    await mustEncrypt(makeKms(clients.world.aws), wanted.encryptTo, fleet.id);
  }
  const run = await planRun(session, { fleet, paths }, (lease) =>
    wanted === undefined ? unscheduleSteps(context, lease) : scheduleSteps(context, lease, wanted),
  );
  await review(session, run);
  return { ...run, parent };
}

async function carryOut(
  { session, fleet }: OpenFleet,
  prepared: Prepared,
  typed: TypedSchedule | undefined,
  options: ScheduleOptions,
): Promise<number> {
  const { ui, clients } = session;
  if (nothingToDo(prepared.planned)) {
    ui.print(
      typed === undefined ? 'there are no scheduled backups: nothing to do' : 'backups are scheduled so: nothing to do',
    );
    return ExitCode.ok;
  }
  const before = await readBackupSchedule(clients, prepared.parent, fleet.id, callOf(session));
  ui.showTable(planTable(prepared.planned));
  if (typed !== undefined) ui.note(costText(typed));
  const message = typed === undefined ? 'End scheduled backups' : 'Schedule backups';
  const proceed = (): Promise<undefined> => plainConsent(session, options, message, true);
  const agreed = await consent<never>(session, options, { planned: prepared.planned, proceed });
  const report = await executeRun(session, 'backup --schedule', prepared, agreed);
  if (!report.ok) return exitCodeOf(report);
  const kept = (to: string): string =>
    `the backups in ${to} stay; list them: ${fleetCommand(`backup list ${to}`, fleet)}`;
  if (typed === undefined) {
    ui.print(`backups of fleet ${fleet.name} are no longer scheduled`);
    if (before !== undefined) ui.note(kept(before.note.to));
    return ExitCode.ok;
  }
  const now = await readBackupSchedule(clients, prepared.parent, fleet.id, callOf(session));
  const next = now?.nextAt === undefined ? '' : `; the next one begins ${dateOf(now.nextAt)}`;
  ui.print(`backups of fleet ${fleet.name} are scheduled into ${typed.to}${next}`);
  if (before !== undefined && before.note.to !== typed.to) ui.note(kept(before.note.to));
  ui.data('backup-schedule', { fleet: fleet.name, ...now?.note, nextAt: now?.nextAt });
  const job = 'kubectl -n karmada-system create job --from=cronjob/karmada-eks-backup backup-now';
  ui.showNext([{ purpose: 'try it now, with the context of the parent', command: job }, stateOf(fleet)]);
  return ExitCode.ok;
}

/** S3 and KMS are billed by what is stored and asked, which nobody knows before. */
function costText({ keep, encryptTo }: TypedSchedule): string {
  const kms = encryptTo.some((each) => each.startsWith('arn:'))
    ? ', and KMS $0.03 for 10,000 calls, two for each backup'
    : '';
  const stored =
    keep === undefined ? 'every backup, which are all kept' : `${keep === 1 ? 'one backup' : `${keep} backups`}`;
  return `the CronJob runs on nodes that are there and costs nothing; S3 bills the storage of ${stored}, and a few requests for each${kms}: not in the fleet’s cost`;
}
