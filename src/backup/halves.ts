/** What a backup writes before it is whole: noted on this machine, and what has the names of such halves is deleted by the next run. */

import { basename } from 'node:path';
import { z } from 'zod';
import { jsonAs } from '../model/json-text.js';
import type { BackupSource } from './backup-source.js';
import { endNotedUpload, uploadNote } from './s3-files.js';

const noteSchema = z.array(z.string().endsWith('.part'));

/** Before the first of them is written. */
export async function noteHalves({ clients, paths }: BackupSource, halves: readonly string[]): Promise<void> {
  await clients.world.files.write(paths.backupHalves, `${JSON.stringify(halves)}\n`);
}

/** Once the backup is over, whole or not. What cannot be deleted now stays noted. */
export async function endHalves({ clients, paths }: BackupSource, halves: readonly string[]): Promise<void> {
  const { files } = clients.world;
  const ended = await Promise.allSettled(halves.map((each) => files.remove(each)));
  // The outcome of the backup counts, and the next one tries again.
  if (ended.every(({ status }) => status === 'fulfilled'))
    await files.remove(paths.backupHalves).catch(() => undefined);
}

/** What runs of this fleet that died have noted, wherever it is, or left in this folder under a name that only they choose; what has the name of this backup is replaced. All else is somebody's. */
export async function removeHalves({ clients, fleet, paths }: BackupSource, folder: string): Promise<void> {
  const { files, aws } = clients.world;
  for (const each of jsonAs(noteSchema, await files.read(paths.backupHalves)) ?? []) await files.remove(each);
  await files.remove(paths.backupHalves);
  for (const each of await files.list(folder)) {
    if (!isHalf(basename(each), fleet.name)) continue;
    if (each.endsWith(uploadNote)) await endNotedUpload(files, aws, fleet.parent.region, each);
    else await files.remove(each);
  }
}

function isHalf(name: string, fleet: string): boolean {
  return (
    name.startsWith(`${fleet}-`) &&
    /^(before-restore-)?\d{8}T\d{6}Z\.tar(\.age)?(\.db|\.upload)?\.part$/.test(name.slice(fleet.length + 1))
  );
}
