/** Keeps other runs on this machine, and on machines with the same data folder, from changing a fleet during a run. */
import { setMaxListeners } from 'node:events';
import { type LockOptions, withLock } from '../../engine/lock.js';
import { ExitCode } from '../../errors/exit-codes.js';
import { asProblem } from '../../errors/problem.js';
import type { Session } from '../session.js';

/**
 * Carries out under the lock, with a session that also stops when the lock is lost: what runs is ended then.
 * @throws Problem `fleet-locked` while another run holds it and lives, or when one took it over meanwhile
 */
export async function lockedRun<T>(
  session: Session,
  { path, subject }: Pick<LockOptions, 'path' | 'subject'>,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const { clients, ui, drain, kill } = session;
  const options = { path, signal: drain, note: ui.note, ...(subject === undefined ? {} : { subject }) };
  return await withLock(clients.world, options, async ({ lost, confirm }) => {
    lost.addEventListener('abort', () =>
      ui.note(`${asProblem(lost.reason).message}: no new steps are started, and running steps are aborted`),
    );
    const stops = { drain: AbortSignal.any([drain, lost]), kill: AbortSignal.any([kill, lost]) };
    setMaxListeners(0, stops.drain, stops.kill);
    const unguard = clients.guard.add(confirm);
    try {
      const outcome = await use({ ...session, ...stops });
      if (lost.aborted && outcome !== ExitCode.ok) throw lost.reason;
      return outcome;
    } finally {
      unguard();
    }
  });
}
