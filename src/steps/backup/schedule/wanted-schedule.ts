/** What scheduled backups are to be. */
import { createHash } from 'node:crypto';
import { s3Address } from '../../../backup/address.js';
import type { Recipients } from '../../../backup/encryption/recipients.js';
import { jobFiles, settingsOf } from '../../../backup/scheduled/job-settings.js';
import { backupJob } from '../../../fleet/backup-job.js';
import { karmadaNamespace } from '../../../fleet/names.js';
import type { ScheduleNote } from '../../../state/backup-schedule.js';
import type { FleetContext } from '../../context.js';

export interface WantedSchedule {
  /** As `cronText` gives it. */
  readonly schedule: string;
  /** As `folderAddress` gives it. */
  readonly to: string;
  /** At least one. */
  readonly encryptTo: Recipients;
  readonly keep: number | undefined;
  readonly image: string;
  /** Version of karmada-eks. */
  readonly madeBy: string;
  /** Source of the job's program. */
  readonly program: string;
  /** Names of Karmada's Secrets. */
  readonly secrets: readonly string[];
  /** How many members etcd has. */
  readonly etcdMembers: number;
}

/** The address with the account that the bucket must belong to: whoever makes the schedule may be of another one than the job. */
export function ownedAddress({ caller }: Pick<FleetContext, 'caller'>, to: string): string {
  const { owner = caller.account, bucket, key } = s3Address(to) ?? { bucket: '', key: '' };
  return `s3://${owner}@${bucket}${key === '' ? '' : `/${key}`}`;
}

/** The files of the ConfigMap, by their names. */
export function programFiles(context: FleetContext, wanted: WantedSchedule): Readonly<Record<string, string>> {
  const { fleet, caller } = context;
  const { keep, encryptTo, madeBy, etcdMembers } = wanted;
  // The names that etcd's certificate has (karmada 1.18.2, cmdinit/kubernetes/deploy.go).
  const etcd = Array.from(
    { length: etcdMembers },
    (_, index) => `https://etcd-${index}.etcd.${karmadaNamespace}.svc.cluster.local:2379`,
  );
  const settings = settingsOf({
    madeBy,
    fleet: {
      name: fleet.name,
      id: fleet.id,
      region: fleet.parent.region,
      account: caller.account,
      parent: fleet.parent.cluster,
    },
    to: ownedAddress(context, wanted.to),
    encryptTo: [...encryptTo],
    ...(keep === undefined ? {} : { keep }),
    etcd,
  });
  return { [jobFiles.program]: wanted.program, [jobFiles.settings]: JSON.stringify(settings) };
}

/** Tells what is in it, so that none is ever changed, and one that was made by hand is not taken for one of the fleet’s. */
export function programName(files: Readonly<Record<string, string>>): string {
  const sum = createHash('sha256');
  for (const [name, text] of Object.entries(files).sort(([one], [other]) => (one < other ? -1 : 1)))
    sum.update(`${name}\0${text}\0`);
  return `${backupJob.name}-${sum.digest('hex').slice(0, 16)}`;
}

/** What the CronJob tells of itself. */
export function noteOf(context: FleetContext, wanted: WantedSchedule): ScheduleNote {
  const { schedule, to, encryptTo, keep, image, madeBy, secrets } = wanted;
  return {
    schedule,
    to,
    encryptTo: [...encryptTo],
    ...(keep === undefined ? {} : { keep }),
    image,
    pullsWithSecret: context.fleet.pullsWithSecret,
    madeBy,
    program: programName(programFiles(context, wanted)),
    secrets: [...secrets],
  };
}
