/** `backup list`: the backups of a fleet in its folder on this machine, or all in another folder or in S3. */

import { recipientsText } from '../../../backup/encryption/head.js';
import { fileKeys } from '../../../backup/encryption/keys.js';
import { backupsIn, type FoundBackup, labelOf } from '../../../backup/kept/backups.js';
import { ExitCode } from '../../../errors/exit-codes.js';
import type { Given, OptionsOf } from '../../../options/table.js';
import { backupFilesOf, backupFolder } from '../../shared/backup-place.js';
import { explicitRequest, type RequestOptions, resolveFleetRef } from '../../shared/resolve-request.js';
import type { Session } from '../../shared/session.js';
import { contentsText, parentTexts, sizeText } from './backup-text.js';

type ListOptions = RequestOptions & OptionsOf<'identityFiles' | 'output'> & Pick<Given, 'names'>;

/** Of AWS only S3 is asked, where it is named, and KMS never: backups are listed also when the fleet is gone. */
export async function backupList(session: Session, options: ListOptions): Promise<number> {
  const { ui } = session;
  const { folder, region, none } = await meant(session, options);
  const keys = await fileKeys(session.clients.world, options.identityFiles);
  const found = await backupsIn(backupFilesOf(session, region), folder, { keys });
  if (options.output === 'json') {
    ui.showDocument('json', found.map(dataOf));
    return ExitCode.ok;
  }
  if (found.length === 0) ui.print(none);
  else {
    const parentOf = parentTexts(found, region);
    const rows = found.map((each) => rowOf(each, parentOf(each)));
    ui.showTable({ name: 'backups', columns: ['file', 'taken', 'karmada', 'contents'], rows });
  }
  return ExitCode.ok;
}

interface Meant {
  readonly folder: string;
  readonly region: string | undefined;
  readonly none: string;
}

async function meant(session: Session, options: ListOptions): Promise<Meant> {
  const [typed] = options.names;
  if (typed !== undefined) {
    const folder = backupFolder(session, typed, 'backup list');
    return { folder, region: (await explicitRequest(session, options)).region, none: `no backups in ${folder}` };
  }
  const { name, region, paths } = await resolveFleetRef(session, options);
  const folder = paths.backups;
  return { folder, region, none: `no backups of fleet ${name} in ${folder}; files elsewhere are not listed` };
}

function rowOf(found: FoundBackup, parent: string): readonly string[] {
  const { path, sizeBytes, manifest, sealed, why } = found;
  const taken = labelOf(found)?.madeAt ?? '';
  if (manifest !== undefined)
    return [path, taken, manifest.karmada ?? '', `${contentsText(manifest, sizeBytes)}${parent}`];
  const about = sealed === undefined ? `cannot be used: ${why}` : `encrypted for ${recipientsText(sealed.recipients)}`;
  return [path, taken, '', `${sizeText(sizeBytes)}, ${about}${parent}`];
}

function dataOf({ path, sizeBytes, manifest, sealed, why }: FoundBackup): Readonly<Record<string, unknown>> {
  if (manifest !== undefined) return { path, sizeBytes, manifest };
  return { path, sizeBytes, ...(sealed === undefined ? { why } : { encrypted: sealed }) };
}
