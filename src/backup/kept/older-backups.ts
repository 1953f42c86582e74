/** Which older backups a new one replaces, and when it must not. */
import { dirname } from 'node:path';
import type { BackupFiles } from '../backup-port.js';
import type { Recipients } from '../encryption/recipients.js';
import type { Manifest } from '../manifest.js';
import { backupsIn, type FoundBackup, isNamedByTime } from './backups.js';
import { surplus } from './surplus.js';

interface Wanted {
  readonly fleet: Manifest['fleet'];
  /** How many stay, the new one included. */
  readonly keep: number;
  /** In ms since the epoch. */
  readonly now: number;
  /** Of the new one; empty: it is not encrypted. */
  readonly encryptTo: Recipients;
}

/** What `--keep` deletes once there is a new one at `path`, which is not there yet. @throws as `BackupFiles.list` */
export async function olderBackups(
  places: BackupFiles,
  path: string,
  { fleet, keep, now, encryptTo }: Wanted,
): Promise<readonly FoundBackup[]> {
  const { name } = fleet;
  const found = await backupsIn(places, dirname(path), { wanted: (each) => isNamedByTime(each, name) });
  const others = isNamedByTime(path, name) ? keep - 1 : keep;
  return surplus(found, fleet, { keep: others, now, encryptTo });
}

/**
 * A snapshot of a Karmada that has lost its data succeeds, too: an older one that may have members, where the new one has none.
 * Undefined: the older ones may go.
 */
export function fullerThan(manifest: Manifest | undefined, older: readonly FoundBackup[]): FoundBackup | undefined {
  if ((manifest?.counts?.clusters ?? 0) > 0) return undefined;
  return older.find((each) => each.manifest?.counts?.clusters !== 0);
}
