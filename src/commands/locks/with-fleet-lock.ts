/** Runs with exclusive access to a fleet's files, and deletes Karmada keys that an earlier run left among them. */

import { freeLock } from '../../engine/lock.js';
import type { FleetPaths } from '../../fleet/paths.js';
import type { Files } from '../../world/files.js';
import type { Session } from '../shared/session.js';
import { lockedRun } from './with-lock.js';

/**
 * Holds the fleet's lock on this machine, with a session that also stops when it is lost. What `init` left, in this run
 * too, is deleted: its step may have been killed, or its disk may have failed temporarily.
 * @throws Problem `fleet-locked`, `file-failed`, and what `use` throws
 */
export async function withFleetLock<T>(
  session: Session,
  paths: FleetPaths,
  use: (held: Session) => Promise<T>,
): Promise<T> {
  const { guard, world } = session.clients;
  // Once the lock is lost they are another run's.
  const removeOurs = async (): Promise<void> => {
    if (await guard.passes()) await removeKeys(world.files, paths);
  };
  return await lockedRun(session, { path: paths.lock }, async (held) => {
    await removeOurs();
    const outcome = await use(held).catch(async (thrown: unknown) => {
      await removeOurs().catch(() => undefined);
      throw thrown;
    });
    // After the last run of a fleet no later run would delete them.
    await removeOurs().catch(removeOurs);
    return outcome;
  });
}

/** As far as that is possible without getting in the way of a run that is under way: for commands that only read. */
export async function removeLeftKeys({ clients, ui }: Session, paths: FleetPaths): Promise<void> {
  const { files } = clients.world;
  try {
    const left = await Promise.all(keyFolders(paths).map(files.list));
    if (left.flat().length === 0) return;
    const held = await freeLock(clients.world, paths.lock);
    if (held === undefined) return;
    await removeKeys(files, paths).finally(held.release);
  } catch {
    ui.note(`warning: could not delete Karmada keys left by an earlier run: ${keyFolders(paths).join(', ')}`);
  }
}

async function removeKeys(files: Files, paths: FleetPaths): Promise<void> {
  for (const folder of keyFolders(paths)) await files.remove(folder);
}

/** Everything in them is in Secrets of the parent too, and nothing reads it here. */
function keyFolders({ init, pki }: FleetPaths): readonly string[] {
  return [init, pki];
}
