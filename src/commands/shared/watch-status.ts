/** Checks a fleet repeatedly: until it is Ready, until a time limit, or until Ctrl-C. */

import { ExitCode } from '../../errors/exit-codes.js';
import { Problem } from '../../errors/problem.js';
import type { FleetStatus } from '../../status/fleet-status.js';
import type { Session } from './session.js';

/** The time between two checks, in ms. */
export const everyMs = 5_000;

interface Looking {
  readonly look: () => Promise<FleetStatus>;
  /** Whether a status that is Ready ends it. */
  readonly untilReady: boolean;
  /** In ms; may be infinite. */
  readonly limitMs: number;
  readonly onFound: (found: FleetStatus) => void;
}

/** The last status. @throws Problem `interrupted`, and any failure of a check that is not temporary */
export async function watchStatus(session: Session, looking: Looking): Promise<FleetStatus> {
  const { clock } = session.clients.world;
  const end = clock.now() + looking.limitMs;
  const trouble = troubleTeller(session);
  for (;;) {
    const found = await readOnce(looking, clock.now() + everyMs > end, trouble);
    if (found !== undefined) looking.onFound(found);
    // The check itself takes time too, so the limit is checked again.
    const isOver = clock.now() + everyMs > end;
    if (found !== undefined && (isOver || (looking.untilReady && found.ready))) return found;
    await clock.sleep(everyMs, session.drain);
    if (session.drain.aborted) throw new Problem('interrupted', { what: 'stopped while checking' });
  }
}

/** Undefined for a check that failed temporarily: the failure is reported and the check repeated. */
async function readOnce(
  { look }: Looking,
  isLast: boolean,
  trouble: (problem: Problem) => void,
): Promise<FleetStatus | undefined> {
  try {
    return await look();
  } catch (thrown) {
    if (isLast || !(thrown instanceof Problem) || thrown.exitCode !== ExitCode.failed) throw thrown;
    trouble(thrown);
    return undefined;
  }
}

/** Says on stderr what is in the way of looking, each time it is something else. */
function troubleTeller({ ui }: Session): (problem: Problem) => void {
  let told = '';
  return ({ message, why }) => {
    const text = why === undefined ? message : `${message}: ${why}`;
    if (text !== told) ui.note(`warning: ${text}`);
    told = text;
  };
}
