/** Keeps other runs on this machine, and on machines with the same data folder, from changing a fleet during a run. */
import { type LockOptions, withLock } from '../../engine/lock.js';
import { ExitCode } from '../../errors/exit-codes.js';
import type { Session } from '../shared/session.js';
import { stoppingWhenLost } from './stop-when-lost.js';

/**
 * Carries out under the lock, with a session that also stops when the lock is lost: what runs is ended then.
 * @throws Problem `fleet-locked` while another run holds it and lives, or when one took it over meanwhile
 */
export async function lockedRun<T>(
  session: Session,
  { path, subject }: Pick<LockOptions, 'path' | 'subject'>,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const { clients, ui, drain } = session;
  const options = { path, signal: drain, note: ui.note, ...(subject === undefined ? {} : { subject }) };
  return await withLock(clients.world, options, (lock) =>
    stoppingWhenLost(session, lock, async (held) => {
      const outcome = await use(held);
      if (lock.lost.aborted && outcome !== ExitCode.ok) throw lock.lost.reason;
      return outcome;
    }),
  );
}
