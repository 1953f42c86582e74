/** What to do about scheduled backups that do not end well. */
import { backupImageOf, backupJob } from '../fleet/backup-job.js';
import { fleetCommand, type NamedFleet } from '../fleet/fleet-command.js';
import type { Images } from '../fleet/settings/images.js';
import type { ScheduleNote, ScheduleTrouble } from './backup-schedule.js';

type Advised = NamedFleet & Images;

/** The command that makes this schedule, or repairs it. */
export function scheduleCommand(note: ScheduleNote, fleet: Advised): string {
  const words = [
    `backup --schedule "${note.schedule}" ${targetWords(note)}`,
    ...(note.keep === undefined ? [] : [`--keep ${note.keep}`]),
    ...(note.image === backupImageOf(fleet) ? [] : [`--backup-image ${note.image}`]),
  ];
  return fleetCommand(words.join(' '), fleet);
}

/** Encrypted as the scheduled ones: a backup holds the keys of Karmada's CA. */
function targetWords({ to, encryptTo }: ScheduleNote): string {
  return [`--to ${to}`, ...encryptTo.map((each) => `--encrypt-to ${each}`)].join(' ');
}

const backUpNow = (note: ScheduleNote, fleet: Advised): string =>
  `back up from here meanwhile: ${fleetCommand(`backup ${targetWords(note)}`, fleet)}`;

const jobs = `see its jobs: kubectl -n ${backupJob.namespace} get jobs,pods -l app=${backupJob.name}, with the context of the parent`;

/** What helps, first what repairs. */
export function scheduleAdvice(kind: ScheduleTrouble['kind'], note: ScheduleNote, fleet: Advised): readonly string[] {
  const again = scheduleCommand(note, fleet);
  return {
    failed: [jobs, `once its reason is gone, or to make all of it anew: ${again}`, backUpNow(note, fleet)],
    late: [jobs, `make all of it anew: ${again}`, backUpNow(note, fleet)],
    suspended: [`go on with it: ${again}`, backUpNow(note, fleet)],
    changed: [`put them back: ${again}`],
    gone: [
      `bring it back: ${again}`,
      `or end it: ${fleetCommand('backup --schedule off', fleet)}`,
      backUpNow(note, fleet),
    ],
  }[kind];
}
