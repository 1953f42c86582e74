/** `backup verify`: reads a whole backup and compares it with its sums. */
import { recipientsText } from '../../../backup/encryption/head.js';
import { headIn } from '../../../backup/encryption/open.js';
import { readBackup } from '../../../backup/read-backup.js';
import { ExitCode } from '../../../errors/exit-codes.js';
import type { Given, OptionsOf } from '../../../options/table.js';
import { backupFilesOf, namedBackup, readableFiles } from '../../shared/backup-place.js';
import type { Session } from '../../shared/session.js';
import { contentsText } from './backup-text.js';

export async function backupVerify(
  session: Session,
  options: OptionsOf<'identityFiles' | 'output'> & Given,
): Promise<number> {
  const { ui } = session;
  const files = backupFilesOf(session, undefined);
  const path = namedBackup(session, options);
  const { manifest, inventory } = await readBackup(await readableFiles(session, files, options), path);
  if (options.output === 'json') {
    ui.showDocument('json', { path, manifest, inventory });
    return ExitCode.ok;
  }
  const { fleet, madeAt } = manifest;
  const sizeBytes = (await files.size(path)) ?? 0;
  ui.print(
    `${path} matches its checksums: fleet ${fleet.name} in ${fleet.region} (account ${fleet.account}), taken ${madeAt}`,
  );
  ui.print(contentsText(manifest, sizeBytes));
  const sealed = await headIn(files.readHead(path), path);
  if (sealed !== undefined) ui.print(`encrypted for ${recipientsText(sealed.recipients)}`);
  return ExitCode.ok;
}
