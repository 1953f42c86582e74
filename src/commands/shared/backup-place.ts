/** Where backups are, as people name it: a path of this machine, or an address of S3. */
import { resolve } from 'node:path';
import { folderAddress, isAddress, objectAddress } from '../../backup/address.js';
import { backupFiles } from '../../backup/backup-files.js';
import type { BackupFiles } from '../../backup/backup-port.js';
import { personalKeys } from '../../backup/encryption/keys.js';
import { openedFiles } from '../../backup/encryption/open.js';
import type { OptionsOf } from '../../options/table.js';
import type { Session } from './session.js';

/** Absolute. @throws Problem `invalid-value`, naming `flag` */
export function backupFolder({ clients }: Session, typed: string, flag: string): string {
  return isAddress(typed) ? folderAddress(typed, flag) : resolve(clients.world.environment.workingDir, typed);
}

/** The first argument. @throws Problem `invalid-value` */
export function namedBackup({ clients }: Session, { names }: { readonly names: readonly string[] }): string {
  const [typed = ''] = names;
  return isAddress(typed) ? objectAddress(typed) : resolve(clients.world.environment.workingDir, typed);
}

/** `region`: the fleet's, where there is one; any of the partition will do, and S3 tells where a bucket is. */
export function backupFilesOf({ clients }: Session, region: string | undefined): BackupFiles {
  const { AWS_REGION, AWS_DEFAULT_REGION } = clients.world.environment.vars;
  return backupFiles(clients.world, region ?? AWS_REGION ?? AWS_DEFAULT_REGION ?? 'us-east-1');
}

/** The same, with what is encrypted in it decrypted by what this person has. @throws Problem `invalid-value` */
export async function readableFiles(
  { clients }: Session,
  files: BackupFiles,
  { identityFiles }: OptionsOf<'identityFiles'>,
): Promise<BackupFiles> {
  return openedFiles(files, await personalKeys(clients.world, identityFiles));
}
