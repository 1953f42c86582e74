/** Backups wherever they are kept: as files of this machine, or as objects of S3, whose paths are addresses. */

import type { World } from '../world/world.js';
import { isAddress } from './address.js';
import type { BackupFiles } from './backup-port.js';
import { s3Files } from './s3-files.js';

/** `region` is one of the partition that buckets are in. */
export function backupFiles({ files, aws }: Pick<World, 'files' | 'aws'>, region: string): BackupFiles {
  const local: BackupFiles = {
    ...files,
    readHead: files.readStream,
    place: async (from, to) => await files.moveIfFree(from, to),
    // A folder is made when it is written into.
    mustExist: async () => undefined,
  };
  const remote = s3Files(files, aws, region);
  const at = (path: string): BackupFiles => (isAddress(path) ? remote : local);
  return {
    list: async (folder) => await at(folder).list(folder),
    size: async (path) => await at(path).size(path),
    readStream: (path) => at(path).readStream(path),
    readHead: (path) => at(path).readHead(path),
    remove: async (path) => await at(path).remove(path),
    place: async (from, to, call) => await at(to).place(from, to, call),
    mustExist: async (folder) => await at(folder).mustExist(folder),
  };
}
