/** The journal of a fleet: every event of every run as a JSON line, for people and support; nothing depends on it. */
import type { Emit, RunEvent } from '../engine/events.js';
import type { WriteQueue } from './write-queue.js';

/** A subscriber that writes events to the journal; `command` and `owner` distinguish the runs. */
export function journalTo(queue: WriteQueue, path: string, command: string, owner: string): Emit {
  return (event) => queue.line(path, JSON.stringify({ v: 1, verb: command, owner, ...plain(event) }));
}

/** Problems are not plain data: their text is. */
function plain(event: RunEvent): object {
  if (event.type === 'step-failed') return { ...event, problem: told(event.problem) };
  if (event.type !== 'run-finished') return event;
  const failed = event.report.failed.map(({ id, problem }) => ({ id, problem: told(problem) }));
  return { ...event, report: { ...event.report, failed } };
}

function told({ code, message, why }: { code: string; message: string; why: string | undefined }): object {
  return { code, what: message, why };
}
