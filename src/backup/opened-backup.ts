/** A backup that is restored: what it says of itself, and the keys of etcd in it. */

import { unreadable } from './archive.js';
import type { BackupFiles } from './backup-port.js';
import { type EtcdFile, readEtcdFile } from './etcd/etcd-file.js';
import { type Backup, readBackup, snapshotOf } from './read-backup.js';

export interface OpenedBackup extends Backup {
  readonly path: string;
  readonly etcd: EtcdFile;
}

/** Compares all sums; etcd's data is held in memory. @throws Problem `backup-unreadable`, `file-failed` */
export async function openBackup(files: BackupFiles, path: string): Promise<OpenedBackup> {
  const backup = await readBackup(files, path);
  return { ...backup, path, etcd: await etcdIn(files, path) };
}

async function etcdIn(files: BackupFiles, path: string): Promise<EtcdFile> {
  const pieces: Uint8Array[] = [];
  for await (const piece of snapshotOf(files, path)) pieces.push(piece);
  const etcd = readEtcdFile(Buffer.concat(pieces));
  if (etcd === undefined) throw unreadable(path, 'it is damaged', 'etcd’s data in it has an unexpected form');
  return etcd;
}
