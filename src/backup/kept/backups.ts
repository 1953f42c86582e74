/** The backups in a folder, of this machine or of S3: their names, which there are, and which are more than are kept. */

import { basename } from 'node:path';
import { Problem } from '../../errors/problem.js';
import type { BackupFiles } from '../backup-port.js';
import type { Head, Label } from '../encryption/head.js';
import type { Keys } from '../encryption/keys.js';
import { headIn, openedFiles } from '../encryption/open.js';
import type { Manifest } from '../manifest.js';
import { readManifest } from '../read-backup.js';

export interface FoundBackup {
  readonly path: string;
  readonly sizeBytes: number;
  /** Undefined: it cannot be read; `sealed` or `why` tells. */
  readonly manifest: Manifest | undefined;
  /** What can be known of one that is encrypted and not opened. */
  readonly sealed: Head | undefined;
  readonly why: string | undefined;
}

/** Whose it is and from when, as the file itself tells; of an encrypted one that is not opened, nothing proves it. */
export function labelOf({ manifest, sealed }: FoundBackup): Label | undefined {
  return manifest ?? sealed?.label;
}

/** e.g. `demo-20261128T030000Z.tar` in the folder, or `….tar.age`; `now` in ms since the epoch. */
export function backupPath(folder: string, fleet: string, now: number, isEncrypted: boolean): string {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${folder}/${fleet}-${time}.tar${isEncrypted ? encryptedEnd : ''}`;
}

/** What the name of an encrypted backup ends in, as age's own files do. */
export const encryptedEnd = '.age';

/** So many are read in parallel. */
const atOnce = 20;

interface Choice {
  readonly keys?: Keys;
  readonly wanted?: (path: string) => boolean;
}

/** Newest first, as they tell themselves; those that do not last. Without keys nothing is asked that could open them. Only those of `wanted` paths are read. */
export async function backupsIn(
  files: BackupFiles,
  folder: string,
  { keys = [], wanted = () => true }: Choice = {},
): Promise<readonly FoundBackup[]> {
  const paths = (await files.list(folder)).filter((path) => /\.tar(\.age)?$/.test(path) && wanted(path));
  const found: FoundBackup[] = [];
  for (let from = 0; from < paths.length; from += atOnce)
    found.push(...(await Promise.all(paths.slice(from, from + atOnce).map((path) => backupAt(files, path, keys)))));
  return found.sort((a, b) => (labelOf(b)?.madeAt ?? '').localeCompare(labelOf(a)?.madeAt ?? ''));
}

/** Whether a name is one that `backupPath` gives, encrypted or not. */
export function isNamedByTime(path: string, fleet: string): boolean {
  return namedTime(path, fleet) !== undefined;
}

/** The time in a name that `backupPath` gives, in ms since the epoch; undefined: somebody else has named it. */
export function namedTime(path: string, fleet: string): number | undefined {
  const name = basename(path);
  if (!name.startsWith(`${fleet}-`)) return undefined;
  const [, day, time] = /^(\d{8})T(\d{6})Z\.tar(?:\.age)?$/.exec(name.slice(fleet.length + 1)) ?? [];
  if (day === undefined || time === undefined) return undefined;
  const iso = `${day.replace(/(....)(..)/, '$1-$2-')}T${time.replace(/(..)(..)/, '$1:$2:')}Z`;
  return Date.parse(iso);
}

/**
 * Names are used twice: only an id and an account tell whose a backup is, and after a recovery the former parent of the same fleet may
 * still write its own. One that does not tell is nobody's.
 */
export function isOf(found: FoundBackup, { id, account, region, parent }: Omit<Manifest['fleet'], 'name'>): boolean {
  const of = labelOf(found)?.fleet;
  return of?.id === id && of.account === account && of.region === region && of.parent === parent;
}

async function backupAt(files: BackupFiles, path: string, keys: Keys): Promise<FoundBackup> {
  let sizeBytes = 0;
  try {
    sizeBytes = (await files.size(path)) ?? 0;
    const manifest = await readManifest(openedFiles(files, keys), path);
    return { path, sizeBytes, manifest, sealed: undefined, why: undefined };
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown;
    const sealed = thrown.code === 'backup-encrypted' ? await headIn(files.readHead(path), path) : undefined;
    const why = sealed === undefined ? (thrown.why ?? thrown.message) : undefined;
    return { path, sizeBytes, manifest: undefined, sealed, why };
  }
}
