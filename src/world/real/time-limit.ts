/** Ends the wait for a file that does not answer: a home folder on a server that is gone. */
import { fileTimedOut } from '../../errors/file-failed.js';
import { fileLimitMs } from '../files.js';
import { countHungCall, isDiskHung } from './hung-disk.js';

/** Once a disk has been silent, in ms: what a run still does at its end must not wait for the whole limit each. */
const impatientMs = 5_000;

/** What is done with a file, for the Problem, and how long it may take. */
interface Act {
  readonly verb: string;
  readonly path: string;
  /** In ms; the limit of `Files` when not given. */
  readonly limitMs?: number;
}

/**
 * The outcome within the limit; `late` takes one that comes after it.
 * @throws Problem `file-timed-out`
 */
export async function withinLimit<T>(
  { verb, path, limitMs = fileLimitMs }: Act,
  act: () => Promise<T>,
  late: (outcome: T) => unknown = () => undefined,
): Promise<T> {
  const limit = isDiskHung() ? Math.min(impatientMs, limitMs) : limitMs;
  const outcome = act();
  return await new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      countHungCall(outcome.then(late).catch(() => undefined));
      reject(fileTimedOut(verb, path, limit));
    }, limit);
    outcome.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
