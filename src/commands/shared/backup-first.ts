/** The backup that a run takes before it deletes or replaces what Karmada knows. */

import type { BackupSource } from '../../backup/backup-source.js';
import { readRecipients } from '../../backup/encryption/recipients.js';
import { backupPath } from '../../backup/kept/backups.js';
import type { PlannedStep } from '../../engine/plan.js';
import type { OptionsOf } from '../../options/table.js';
import { type BackupStep, backUpKarmada } from '../../steps/backup/back-up-karmada.js';
import { takenData, takenText, unprovedText } from '../backups/backup/backup-text.js';
import { backupFolder } from './backup-place.js';
import type { Session } from './session.js';

export type BackupFirstOptions = OptionsOf<'noBackup' | 'backupInto' | 'encryptTo'>;

export type BackedUp = Pick<BackupSource, 'fleet' | 'paths' | 'account' | 'parent' | 'karmada'>;

/** Undefined where none is wanted; `then`: what the run does to Karmada. Its step comes before everything that it saves from. @throws Problem `invalid-value` */
export async function backupFirst(
  session: Session,
  source: BackedUp,
  { noBackup, backupInto, encryptTo: given }: BackupFirstOptions,
  then: 'deletes' | 'changes' = 'deletes',
): Promise<BackupStep | undefined> {
  if (noBackup) return undefined;
  const { clients, version: madeBy } = session;
  const folder = backupInto === undefined ? source.paths.backups : backupFolder(session, backupInto, '--backup-to');
  const encryptTo = await readRecipients(given);
  const path = backupPath(folder, source.fleet.name, clients.world.clock.now(), encryptTo.length > 0);
  return backUpKarmada({ ...source, clients, madeBy, encryptTo }, path, {
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
  const unproved = unprovedText(taken);
  if (unproved !== undefined) ui.note(unproved);
  ui.print(takenText(taken));
  ui.data('backup', takenData(taken));
}
