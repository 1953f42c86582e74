/** The id of this installation: it distinguishes a run that died here from one that is running elsewhere. */
import { randomUUID } from 'node:crypto';
import type { World } from '../world/world.js';

const form = /^[\da-f-]{36}$/;

/** A UUID kept in the data folder. Two runs that make it at once only take each other for another machine. */
export async function installationId({ files, environment }: World): Promise<string> {
  const path = `${environment.dataDir}/installation`;
  const kept = (await files.read(path))?.trim();
  if (kept !== undefined && form.test(kept)) return kept;
  const made = randomUUID();
  await files.write(path, `${made}\n`);
  return made;
}
