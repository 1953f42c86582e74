/** The backup that a run took before it began to delete Karmada: noted on this machine, so that the run that resumes it can prove it. */

import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { z } from 'zod';
import { jsonAs } from '../../model/json-text.js';
import type { Files } from '../../world/files.js';
import type { BackupFiles } from '../backup-port.js';
import type { BackupSource } from '../backup-source.js';
import type { Taken } from '../make-backup.js';
import { backupsIn } from './backups.js';

const noteSchema = z.object({
  fleet: z.string(),
  account: z.string(),
  path: z.string(),
  sha256: z.string(),
  /** In ms since the epoch. */
  madeAt: z.number(),
});

/** How old such a backup may be, in ms: until it began to delete, the run left Karmada to its users. */
const recent = 3_600_000;

/** Before anything is deleted. */
export async function noteTaken(
  { clients, fleet, account, paths }: BackupSource,
  { path, sha256 }: Taken,
  madeAt: number,
): Promise<void> {
  const note: z.infer<typeof noteSchema> = { fleet: fleet.id, account, path, sha256, madeAt };
  await clients.world.files.write(paths.backupTaken, `${JSON.stringify(note)}\n`);
}

/** Once the run that took it has ended well: what Karmada holds from now on is not in it. */
export async function forgetTaken(files: Files, { backupTaken }: BackupSource['paths']): Promise<void> {
  await files.remove(backupTaken);
}

/** Undefined: none of this fleet was noted in the last hour, or it is not there as it was. Reads all of it. */
export async function takenBefore(
  { clients, fleet, account, paths }: BackupSource,
  places: BackupFiles,
): Promise<Taken | undefined> {
  const { files, clock } = clients.world;
  const note = jsonAs(noteSchema, await files.read(paths.backupTaken));
  if (note === undefined || note.fleet !== fleet.id || note.account !== account) return undefined;
  const age = clock.now() - note.madeAt;
  if (age < 0 || age >= recent) return undefined;
  const { path, sha256 } = note;
  const [found] = await backupsIn(places, dirname(path), { wanted: (each) => each === path });
  if (found === undefined || (await sumOf(places, path)) !== sha256) return undefined;
  return { ...found, sha256, recipients: found.sealed?.recipients ?? [] };
}

async function sumOf(places: BackupFiles, path: string): Promise<string> {
  const sum = createHash('sha256');
  for await (const piece of places.readStream(path)) sum.update(piece);
  return sum.digest('hex');
}
