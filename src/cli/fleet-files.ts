/** Works on a fleet's files by oneself, and lets no key of Karmada stay among them that a run left there. */
import type { FleetPaths } from '../fleet/paths.js';
import { withLock } from '../pipeline/lock.js';
import type { Files } from '../world/files.js';
import type { Session } from './session.js';

/**
 * Holds the fleet's lock on this machine. What `init` left, in this run too, goes: the step that runs it may have been killed,
 * or its disk may have failed for a moment.
 * @throws Problem `fleet-locked`, `file-failed`, and what `use` throws
 */
export async function withFleetLock<T>(session: Session, paths: FleetPaths, use: () => Promise<T>): Promise<T> {
  const { clients, drain, ui } = session;
  const { files } = clients.world;
  return await withLock(clients.world, { path: paths.lock, signal: drain, note: ui.note }, async () => {
    await removeKeys(files, paths);
    const outcome = await use().catch(async (thrown: unknown) => {
      await removeKeys(files, paths).catch(() => undefined);
      throw thrown;
    });
    await removeKeys(files, paths);
    return outcome;
  });
}

/** As far as that is possible without getting in the way of a run that is under way: for commands that only read. */
export async function removeLeftKeys({ clients, ui }: Session, paths: FleetPaths): Promise<void> {
  const { files } = clients.world;
  try {
    const left = await Promise.all(keyFolders(paths).map(files.list));
    if (left.flat().length === 0) return;
    const release = await files.lock(paths.lock);
    if (release === undefined) return;
    await removeKeys(files, paths).finally(release);
  } catch {
    ui.note(`warning: keys of Karmada that a run left could not be removed: ${keyFolders(paths).join(', ')}`);
  }
}

async function removeKeys(files: Files, paths: FleetPaths): Promise<void> {
  for (const folder of keyFolders(paths)) await files.remove(folder);
}

/** Everything in them is in Secrets of the parent too, and nothing reads it here. */
function keyFolders({ init, pki }: FleetPaths): readonly string[] {
  return [init, pki];
}
