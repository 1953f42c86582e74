/** What is asked of a place that backups are kept in. */

import type { Call } from '../tools/run.js';
import type { Files } from '../world/files.js';

/** `Files` describes each. */
export interface BackupFiles extends Pick<Files, 'list' | 'size' | 'readStream' | 'remove'> {
  /** What stands at the beginning, as little of it as can be asked for: 64 KiB of an object of S3. */
  readonly readHead: Files['readStream'];
  /** Gives a whole file of this machine its final name, unless there is anything of that name: then false, and nothing is replaced. The file may stay. */
  readonly place: (from: string, to: string, call: Call) => Promise<boolean>;
  /** @throws Problem `bucket-missing`, or as `answerOf`, for a folder of S3 that cannot be */
  readonly mustExist: (folder: string) => Promise<void>;
}
