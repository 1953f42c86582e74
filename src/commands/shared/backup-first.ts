/** The backup that a run takes before it deletes or replaces what Karmada knows. */
import { resolve } from 'node:path';
import { backupPath } from '../../backup/backups.js';
import type { BackupSource } from '../../backup/take-backup.js';
import type { PlannedStep } from '../../engine/plan.js';
import { Problem } from '../../errors/problem.js';
import type { FleetPaths } from '../../fleet/paths.js';
import type { OptionsOf } from '../../options/table.js';
import { type BackupStep, backUpKarmada } from '../../steps/backup/back-up-karmada.js';
import { takenText } from '../backups/backup/backup-text.js';
import type { Session } from './session.js';

export type BackupFirstOptions = OptionsOf<'noBackup' | 'backupInto'>;

export interface BackedUp extends Pick<BackupSource, 'fleet' | 'account' | 'parent' | 'karmada'> {
  readonly paths: FleetPaths;
}

/** Undefined where none is wanted; `then`: what the run does to Karmada. Its step comes before everything that it saves from. @throws Problem `invalid-value` */
export function backupFirst(
  { clients, version: madeBy }: Session,
  { paths, ...source }: BackedUp,
  { noBackup, backupInto }: BackupFirstOptions,
  then: 'deletes' | 'changes' = 'deletes',
): BackupStep | undefined {
  if (noBackup) return undefined;
  if (backupInto !== undefined && isAddress(backupInto))
    throw new Problem('invalid-value', {
      what: `--backup-to: expected a folder, got ${backupInto}`,
      next: ['use a folder on this machine'],
    });
  const { clock, environment } = clients.world;
  const folder = backupInto === undefined ? paths.backups : resolve(environment.workingDir, backupInto);
  const path = backupPath(folder, source.fleet.name, clock.now());
  return backUpKarmada({ ...source, clients, madeBy }, path, {
    unless: 'or go on without a backup: add --no-backup',
    deletes: then === 'deletes',
  });
}

/** Before the consent: where Karmada is backed up, or that it is not. */
export function noteBackup({ ui }: Session, planned: readonly PlannedStep[], backup: BackupStep | undefined): void {
  const row = planned.find(({ step }) => step.id === backup?.step.id);
  if (backup === undefined) ui.note('warning: Karmada is not backed up (--no-backup)');
  else if (row?.state === 'absent') ui.note(`Karmada is backed up first: ${backup.path}`);
  else if (row?.note !== undefined) ui.note(row.note);
}

/** At the end of a run. */
export function tellBackup({ ui }: Session, backup: BackupStep | undefined): void {
  const taken = backup?.taken();
  if (taken === undefined) return;
  ui.print(takenText(taken));
  ui.data('backup', { path: taken.path, sizeBytes: taken.sizeBytes, manifest: taken.manifest });
}

/** Of anything that is not a path, such as a bucket. */
export function isAddress(text: string): boolean {
  return /^[a-z0-9]+:\/\//i.test(text);
}
