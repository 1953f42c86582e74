/** Adds lines to files in the order in which they come, so that writers need not wait, and without their secrets. */
import type { Files } from '../world/files.js';
import { redact } from './redact.js';

export interface WriteQueue {
  /** Puts a line at the end of a file; returns at once. */
  readonly line: (path: string, text: string) => void;
  /** Waits until all is written. Rejects with the first Problem `file-failed`. */
  readonly written: () => Promise<void>;
}

export function makeWriteQueue(files: Files): WriteQueue {
  let last = Promise.resolve();
  return {
    line: (path, text) => {
      last = last.then(() => files.append(path, `${redact(text)}\n`));
      // The failure is told by written(); until then it must not end the process.
      last.catch(() => undefined);
    },
    written: () => last,
  };
}
