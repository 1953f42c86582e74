/** The backups in a folder, of this machine or of S3: their names, which there are, and which are more than are kept. */

import { basename } from 'node:path';
import { Problem } from '../errors/problem.js';
import type { BackupFiles } from './backup-files.js';
import type { Manifest } from './manifest.js';
import { readManifest } from './read-backup.js';

export interface FoundBackup {
  readonly path: string;
  readonly sizeBytes: number;
  /** Undefined: it cannot be read; `why` tells. */
  readonly manifest: Manifest | undefined;
  readonly why: string | undefined;
}

/** e.g. `demo-20261128T030000Z.tar` in the folder; `now` in ms since the epoch. */
export function backupPath(folder: string, fleet: string, now: number): string {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${folder}/${fleet}-${time}.tar`;
}

/** So many are read in parallel. */
const atOnce = 20;

/** Newest first, as their manifests tell; those that cannot be read last. Only those of `wanted` paths are read. */
export async function backupsIn(
  files: BackupFiles,
  folder: string,
  wanted: (path: string) => boolean = () => true,
): Promise<readonly FoundBackup[]> {
  const paths = (await files.list(folder)).filter((path) => /\.tar(\.age)?$/.test(path) && wanted(path));
  const found: FoundBackup[] = [];
  for (let from = 0; from < paths.length; from += atOnce)
    found.push(...(await Promise.all(paths.slice(from, from + atOnce).map((path) => backupAt(files, path)))));
  return found.sort((a, b) => (b.manifest?.madeAt ?? '').localeCompare(a.manifest?.madeAt ?? ''));
}

/** Whether a name is one that `backupPath` gives, encrypted or not. */
export function isNamedByTime(path: string, fleet: string): boolean {
  const name = basename(path);
  return name.startsWith(`${fleet}-`) && /^\d{8}T\d{6}Z\.tar(\.age)?$/.test(name.slice(fleet.length + 1));
}

/** Those of this fleet, by name, id and account, beyond the newest `keep`. What people have named or copied is theirs. */
export function surplus(
  all: readonly FoundBackup[],
  { name, id, account }: Pick<Manifest['fleet'], 'name' | 'id' | 'account'>,
  keep: number,
): readonly FoundBackup[] {
  const own = all.filter(
    ({ path, manifest }) =>
      isNamedByTime(path, name) && manifest?.fleet.id === id && manifest.fleet.account === account,
  );
  return own.slice(keep);
}

async function backupAt(files: BackupFiles, path: string): Promise<FoundBackup> {
  const sizeBytes = (await files.size(path)) ?? 0;
  try {
    return { path, sizeBytes, manifest: await readManifest(files, path), why: undefined };
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown;
    return { path, sizeBytes, manifest: undefined, why: thrown.why ?? thrown.message };
  }
}
