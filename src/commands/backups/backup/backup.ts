/** `backup`: saves Karmada into a file or an object of S3, and deletes older backups where that is asked for. */
import { dirname, resolve } from 'node:path';
import { isAddress } from '../../../backup/address.js';
import type { BackupFiles } from '../../../backup/backup-port.js';
import type { BackupSource } from '../../../backup/backup-source.js';
import { type Recipients, readRecipients } from '../../../backup/encryption/recipients.js';
import { backupPath, encryptedEnd, type FoundBackup, labelOf } from '../../../backup/kept/backups.js';
import { fullerThan, olderBackups } from '../../../backup/kept/older-backups.js';
import type { Taken } from '../../../backup/make-backup.js';
import { independent } from '../../../engine/pipeline.js';
import { ExitCode } from '../../../errors/exit-codes.js';
import { Problem } from '../../../errors/problem.js';
import type { Fleet } from '../../../fleet/fleet.js';
import { fleetCommand } from '../../../fleet/fleet-command.js';
import { backUpKarmada } from '../../../steps/backup/back-up-karmada.js';
import { plainConsent } from '../../review/consent.js';
import { backupFilesOf, backupFolder } from '../../shared/backup-place.js';
import { executeSteps, exitCodeOf } from '../../shared/execute.js';
import { silentKarmada } from '../../shared/karmada-of.js';
import type { Session } from '../../shared/session.js';
import { type OpenFleet, withFleet } from '../../shared/with-fleet.js';
import { sizeText, takenData, takenText, unprovedText } from './backup-text.js';
import { type ScheduleOptions, scheduleBackup } from './schedule.js';

interface Prepared {
  readonly source: BackupSource;
  readonly path: string;
  readonly places: BackupFiles;
  /** What is deleted once the backup is there. */
  readonly older: readonly FoundBackup[];
}

export async function backup(session: Session, options: ScheduleOptions): Promise<number> {
  if (options.schedule !== undefined) return await scheduleBackup(session, options.schedule, options);
  const prepare = async (open: OpenFleet): Promise<Prepared> => {
    const encryptTo = await readRecipients(options.encryptTo);
    const source = await sourceOf(open, encryptTo);
    const path = await targetOf(open, options.backupTo, encryptTo.length > 0);
    const places = backupFilesOf(open.session, open.fleet.parent.region);
    return {
      source,
      path,
      places,
      older: await olderOnes(open, places, path, { keep: options.keepBackups, encryptTo }),
    };
  };
  return await withFleet(session, options, { lock: true }, prepare, async (open, { source, path, places, older }) => {
    const { ui } = open.session;
    await agree(open.session, older, options);
    const { step, taken } = backUpKarmada(source, path);
    const report = await executeSteps(open.session, 'backup', open.paths, independent([step]));
    if (!report.ok) return exitCodeOf(report);
    const made = taken();
    if (made === undefined)
      throw new Problem('backup-failed', {
        what: `Karmada of fleet ${open.fleet.name} is not installed: nothing to back up`,
      });
    ui.print(takenText(made));
    ui.data('backup', takenData(made));
    const unproved = unprovedText(made);
    if (unproved !== undefined) ui.note(unproved);
    refuseLoss(open.fleet, made, older);
    await deleteOlder(open.session, places, older);
    return ExitCode.ok;
  });
}

/** Karmada and its parent alone: members have no part in it. */
async function sourceOf(
  { session, fleet, paths, caller, access }: OpenFleet,
  encryptTo: Recipients,
): Promise<BackupSource> {
  const { apis, karmada } = await access({ ...fleet, members: [], former: [] });
  const parent = apis.get('parent');
  if (parent === undefined) throw silentKarmada(fleet);
  const { clients, version: madeBy } = session;
  return { clients, fleet, account: caller.account, parent, karmada, paths, madeBy, encryptTo };
}

/** @throws Problem `invalid-value` for what is there already, even a link that leads nowhere */
async function targetOf(
  { session, paths, fleet }: OpenFleet,
  to: string | undefined,
  isEncrypted: boolean,
): Promise<string> {
  const { files, environment, clock } = session.clients.world;
  if (to === undefined) return backupPath(paths.backups, fleet.name, clock.now(), isEncrypted);
  if (isAddress(to)) return backupPath(backupFolder(session, to, '--to'), fleet.name, clock.now(), isEncrypted);
  if (to.endsWith(encryptedEnd) !== isEncrypted) throw misnamed(to, isEncrypted);
  const path = resolve(environment.workingDir, to);
  if (!(await files.list(dirname(path))).includes(path)) return path;
  throw new Problem('invalid-value', {
    what: `--to: ${path} already exists; a backup never overwrites a file`,
    next: ['use another name, or omit --to'],
  });
}

/** A name that ends in `.age` must not hide what everybody can read, nor one that does not what nobody can. */
function misnamed(to: string, isEncrypted: boolean): Problem {
  return new Problem('invalid-value', {
    what: `--to: expected ${isEncrypted ? 'a name that ends' : 'no name that ends'} in ${encryptedEnd}, got ${to}`,
    next: isEncrypted
      ? [`use --to ${to}${encryptedEnd}`]
      : ['encrypt it: --encrypt-to RECIPIENT', 'or use another name'],
  });
}

async function olderOnes(
  { session, fleet, caller }: OpenFleet,
  places: BackupFiles,
  path: string,
  { keep, encryptTo }: { readonly keep: number | undefined; readonly encryptTo: Recipients },
): Promise<readonly FoundBackup[]> {
  if (keep === undefined) return [];
  const { id, name, parent } = fleet;
  const of = { id, name, account: caller.account, region: parent.region, parent: parent.cluster };
  const now = session.clients.world.clock.now();
  return await olderBackups(places, path, { fleet: of, keep, now, encryptTo });
}

/** @throws Problem `declined`, `missing-value` */
async function agree(session: Session, older: readonly FoundBackup[], options: ScheduleOptions): Promise<void> {
  if (older.length === 0) return;
  const rows = older.map((each) => [each.path, labelOf(each)?.madeAt ?? '', sizeText(each.sizeBytes)]);
  session.ui.print('TO BE DELETED AFTER THE BACKUP');
  session.ui.showTable({ name: 'older-backups', columns: ['file', 'taken', 'size'], rows });
  await plainConsent(session, options, 'Proceed', true);
}

/** @throws Problem `backups-kept` */
function refuseLoss(fleet: Fleet, { path, manifest }: Taken, older: readonly FoundBackup[]): void {
  const fuller = fullerThan(manifest, older);
  if (fuller === undefined) return;
  throw new Problem('backups-kept', {
    what: `the backup was taken, and no older one was deleted: ${path} has no members, and ${fuller.path} may have some`,
    why: manifest?.counts === null ? 'the Karmada API did not respond' : 'Karmada lists no members',
    next: [
      `check whether Karmada has lost its data: ${fleetCommand('status', fleet)}`,
      `if it has, restore an older backup: ${fleetCommand('backup list', fleet)}`,
      'if it has not, delete the older backups yourself',
    ],
  });
}

async function deleteOlder({ ui }: Session, places: BackupFiles, older: readonly FoundBackup[]): Promise<void> {
  for (const each of older) {
    const { path } = each;
    await places.remove(path);
    ui.print(`deleted older backup ${path}`);
    ui.data('backup-deleted', { path, madeAt: labelOf(each)?.madeAt });
  }
}
