/** One scheduled backup: into S3, encrypted, with what `--keep` says of older ones. */
import { basename } from 'node:path';
import { Problem } from '../../errors/problem.js';
import type { Call } from '../../tools/run.js';
import type { World } from '../../world/world.js';
import { backupFiles } from '../backup-files.js';
import { backupPath, type FoundBackup } from '../kept/backups.js';
import { fullerThan, olderBackups } from '../kept/older-backups.js';
import { makeBackup, type Reading, type Taken } from '../make-backup.js';
import type { JobSettings } from './job-settings.js';

/** What a job did. */
export interface JobDone {
  readonly taken: Taken;
  readonly deleted: readonly FoundBackup[];
}

/**
 * Older backups are those that were there before; none goes before the new one is there.
 * @param work folder of this machine that is empty, and gone with the job
 * @throws Problem as `makeBackup`; `backups-kept`
 */
export async function runJob(
  world: Pick<World, 'files' | 'aws' | 'clock'>,
  { fleet, to, encryptTo, keep, madeBy }: JobSettings,
  reading: Reading,
  work: string,
  call: Call,
): Promise<JobDone> {
  const now = world.clock.now();
  const path = backupPath(to, fleet.name, now, true);
  const places = backupFiles(world, fleet.region);
  const older = keep === undefined ? [] : await olderBackups(places, path, { fleet, keep, now, encryptTo });
  const stem = `${work}/${basename(path)}`;
  const files = { path, part: `${stem}.part`, held: `${stem}.db.part` };
  const taken = await makeBackup({ world, fleet, madeBy, encryptTo }, reading, files, call);
  const fuller = fullerThan(taken.manifest, older);
  if (fuller !== undefined)
    throw new Problem('backups-kept', {
      what: `the backup was taken, and no older one was deleted: ${path} has no members, and ${fuller.path} may have some`,
      why: 'Karmada lists no members',
      next: ['check whether Karmada has lost its data: kubectl get clusters'],
    });
  for (const each of older) await places.remove(each.path);
  return { taken, deleted: older };
}
