/** `backup list`: the backups of a fleet in its folder on this machine. */
import { backupsIn, type FoundBackup } from '../../../backup/backups.js';
import { ExitCode } from '../../../errors/exit-codes.js';
import type { OptionsOf } from '../../../options/table.js';
import { type RequestOptions, resolveFleetRef } from '../../shared/resolve-request.js';
import type { Session } from '../../shared/session.js';
import { contentsText, sizeText } from './backup-text.js';

type ListOptions = RequestOptions & OptionsOf<'output'>;

/** Nothing of AWS is asked: backups are listed also when the fleet is gone. */
export async function backupList(session: Session, options: ListOptions): Promise<number> {
  const { ui, clients } = session;
  const { name, paths } = await resolveFleetRef(session, options);
  const found = await backupsIn(clients.world.files, paths.backups);
  if (options.output === 'json') {
    ui.showDocument('json', found.map(dataOf));
    return ExitCode.ok;
  }
  if (found.length === 0) ui.print(`no backups of fleet ${name} in ${paths.backups}; files elsewhere are not listed`);
  else ui.showTable({ name: 'backups', columns: ['file', 'taken', 'karmada', 'contents'], rows: found.map(rowOf) });
  return ExitCode.ok;
}

function rowOf({ path, sizeBytes, manifest, why }: FoundBackup): readonly string[] {
  if (manifest === undefined) return [path, '', '', `${sizeText(sizeBytes)}, cannot be used: ${why}`];
  return [path, manifest.madeAt, manifest.karmada ?? '', contentsText(manifest, sizeBytes)];
}

function dataOf({ path, sizeBytes, manifest, why }: FoundBackup): Readonly<Record<string, unknown>> {
  return { path, sizeBytes, ...(manifest === undefined ? { why } : { manifest }) };
}
