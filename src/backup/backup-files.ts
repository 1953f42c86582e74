/** Backups wherever they are kept: as files of this machine, or as objects of S3, whose paths are addresses. */

import type { Call } from '../tools/run.js';
import type { Files } from '../world/files.js';
import type { World } from '../world/world.js';
import { isAddress } from './address.js';
import { s3Files } from './s3-files.js';

/** What is asked of a place that backups are kept in; `Files` describes each. */
export interface BackupFiles extends Pick<Files, 'list' | 'size' | 'readStream' | 'remove'> {
  /** What stands at the beginning, as little of it as can be asked for: 64 KiB of an object of S3. */
  readonly readHead: Files['readStream'];
  /** Gives a whole file of this machine its final name, unless there is anything of that name: then false, and nothing is replaced. The file may stay. */
  readonly place: (from: string, to: string, call: Call) => Promise<boolean>;
  /** @throws Problem `bucket-missing`, or as `answerOf`, for a folder of S3 that cannot be */
  readonly mustExist: (folder: string) => Promise<void>;
}

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
