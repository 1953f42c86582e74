/** `backup`: saves Karmada into a file, and deletes older backups where that is asked for. */
import { dirname, isAbsolute, join } from 'node:path';
import { backupPath, backupsIn, surplus } from '../../backup/backups.js';
import type { BackupSource, Taken } from '../../backup/take-backup.js';
import { independent } from '../../engine/pipeline.js';
import { ExitCode } from '../../errors/exit-codes.js';
import { Problem } from '../../errors/problem.js';
import type { OptionsOf } from '../../options/table.js';
import { backUpKarmada } from '../../steps/backup/back-up-karmada.js';
import { isAddress } from '../shared/backup-first.js';
import { executeSteps, exitCodeOf } from '../shared/execute.js';
import { silentKarmada } from '../shared/karmada-of.js';
import type { RequestOptions } from '../shared/resolve-request.js';
import type { Session } from '../shared/session.js';
import { type OpenFleet, withFleet } from '../shared/with-fleet.js';
import { sizeText, takenText } from './backup-text.js';

type BackupOptions = RequestOptions & OptionsOf<'backupTo' | 'keepBackups'>;

export async function backup(session: Session, options: BackupOptions): Promise<number> {
  return await withFleet(session, options, { lock: true }, sourceOf, async (open, source) => {
    const { ui } = open.session;
    const path = await targetOf(open, options.backupTo);
    const { step, taken } = backUpKarmada(source, path);
    const report = await executeSteps(open.session, 'backup', open.paths, independent([step]));
    if (!report.ok) return exitCodeOf(report);
    const made = taken();
    if (made === undefined)
      throw new Problem('backup-failed', {
        what: `Karmada of fleet ${open.fleet.name} is not installed: nothing to back up`,
      });
    ui.print(takenText(made));
    ui.data('backup', { path: made.path, sizeBytes: made.sizeBytes, manifest: made.manifest });
    if (options.keepBackups !== undefined) await deleteOlder(open, made, options.keepBackups);
    return ExitCode.ok;
  });
}

/** Karmada and its parent alone: members have no part in it. */
async function sourceOf({ session, fleet, caller, access }: OpenFleet): Promise<BackupSource> {
  const { apis, karmada } = await access({ ...fleet, members: [], former: [] });
  const parent = apis.get('parent');
  if (parent === undefined) throw silentKarmada(fleet);
  const { clients, version: madeBy } = session;
  return { clients, fleet, account: caller.account, parent, karmada, madeBy };
}

/** @throws Problem `invalid-value` for what is there already: a backup takes the place of nothing */
async function targetOf({ session, paths, fleet }: OpenFleet, to: string | undefined): Promise<string> {
  const { files, environment, clock } = session.clients.world;
  if (to === undefined) return backupPath(paths.backups, fleet.name, clock.now());
  const path = isAbsolute(to) ? to : join(environment.workingDir, to);
  if (isAddress(to))
    throw new Problem('invalid-value', {
      what: `--to: expected a file, got ${to}`,
      next: ['use a path on this machine'],
    });
  if ((await files.size(path)) === undefined) return path;
  throw new Problem('invalid-value', {
    what: `--to: ${path} exists, and a backup replaces nothing`,
    next: ['use another name, or omit --to'],
  });
}

/** Only what its manifest calls a backup of this fleet. */
async function deleteOlder({ session, fleet, caller }: OpenFleet, { path }: Taken, keep: number): Promise<void> {
  const { ui, clients } = session;
  const { files } = clients.world;
  const found = await backupsIn(files, dirname(path));
  for (const each of surplus(found, { id: fleet.id, account: caller.account }, keep)) {
    if (each.path === path) continue;
    await files.remove(each.path);
    ui.print(`deleted older backup ${each.path} (${sizeText(each.sizeBytes)}, of ${each.manifest?.madeAt})`);
    ui.data('backup-deleted', { path: each.path, madeAt: each.manifest?.madeAt });
  }
}
