/** What a run does with something that it holds alone, a lock or a lease, and may lose on the way. */
import { setMaxListeners } from 'node:events';
import type { RunLock } from '../../engine/lock.js';
import { asProblem } from '../../errors/problem.js';
import type { Session } from '../shared/session.js';

/** Every change asks whether it is still held; `use` gets a session that also stops when it is lost. */
export async function stoppingWhenLost<T>(
  session: Session,
  { lost, confirm }: RunLock,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const { clients, ui, drain, kill } = session;
  lost.addEventListener('abort', () =>
    ui.note(`${asProblem(lost.reason).message}: no new steps are started, and running steps are aborted`),
  );
  const stops = { drain: AbortSignal.any([drain, lost]), kill: AbortSignal.any([kill, lost]) };
  setMaxListeners(0, stops.drain, stops.kill);
  const unguard = clients.guard.add(confirm);
  try {
    return await use({ ...session, ...stops });
  } finally {
    unguard();
  }
}
