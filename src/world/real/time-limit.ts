/** Limits the wait for a file that does not respond, such as one in a home folder on a server that is gone. */
import { fileTimedOut } from '../../errors/file-failed.js';
import { fileLimitMs } from '../files.js';
import { countHungCall, isDiskHung } from './disk/hung-disk.js';

/** In ms, once a disk has stopped responding: not each further operation must wait for the full limit. */
const impatientMs = 5_000;

interface Act {
  readonly verb: string;
  readonly path: string;
  /** In ms; the limit of `Files` by default. */
  readonly limitMs?: number;
}

/** `late` receives an outcome that comes after the limit. @throws Problem `file-timed-out` */
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
