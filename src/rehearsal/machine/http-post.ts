/** Calls of a port of the rehearsed machine: answered line by line while the program that listens there runs. */
import { Problem } from '../../errors/problem.js';
import type { HttpPost, PostRequest } from '../../world/http.js';
import { durations } from '../durations.js';
import type { Fault } from '../faults.js';
import type { Listener } from '../simulation.js';
import type { ProcessContext } from './process.js';

/** The port of one process. */
export function rehearsedPost(context: ProcessContext): HttpPost {
  const { account, faults, life } = context;
  return (request) =>
    life.guard(async () => {
      const { port, pathname } = new URL(request.url);
      const fault = faults.take(`http POST ${pathname}`, account.now());
      const listener = account.listeners.get(Number(port));
      if (listener === undefined) return { kind: 'failed', reason: `connect ECONNREFUSED 127.0.0.1:${port}` };
      if (fault?.kind === 'fail') return { kind: 'failed', reason: fault.message ?? 'socket hang up' };
      const { status, lines } = listener(pathname, request.body);
      return { kind: 'answered', status, bytes: answer(context, request, lines, fault) };
    });
}

/** What the fault makes of an answer: half of it, nothing more, another text. */
async function* answer(
  { account, life }: ProcessContext,
  { url, idleMs, signal }: PostRequest,
  lines: ReturnType<Listener>['lines'],
  fault: Fault | undefined,
): AsyncGenerator<Uint8Array> {
  const takes = (ms: number): Promise<void> => life.guard(() => account.clock.sleep(ms, signal));
  await takes(durations.streamedAnswer);
  if (signal.aborted) throw new Problem('interrupted', { what: `reading ${url} was stopped` });
  if (fault?.kind === 'garbage') return yield Buffer.from(fault.message ?? '<html>502</html>');
  const whole = fault === undefined || fault.kind === 'no-effect';
  for (const line of whole ? lines : lines.slice(0, -1)) yield Buffer.from(`${line}\n`);
  if (whole) return;
  if (fault.kind === 'hang') await takes(idleMs);
  throw new Problem('network-unreachable', {
    what: `the answer of ${url} ended early`,
    why: fault.message ?? 'aborted',
    next: ['run the same command again'],
  });
}
