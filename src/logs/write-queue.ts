/** Appends lines to files in order, redacted, without making writers wait. */
import { Problem } from '../errors/problem.js';
import type { Files } from '../world/files.js';
import { makeRedactor, type Redactor } from './redact.js';

export interface WriteQueue {
  /** Puts a line at the end of a file; returns at once. */
  readonly line: (path: string, text: string) => void;
  /**
   * Waits until all is written. Rejects with the first Problem `file-failed`, or with `file-timed-out`: a disk that did
   * not respond once is not tried again, because every line would wait as long.
   */
  readonly written: () => Promise<void>;
}

export function makeWriteQueue(files: Files): WriteQueue {
  let last = Promise.resolve();
  let failure: unknown;
  let isSilent = false;
  const broken = new Set<string>();
  // A key is printed in many lines, and each file has lines of its own between them.
  const redactors = new Map<string, Redactor>();
  const redactorOf = (path: string): Redactor => {
    const redactor = redactors.get(path) ?? makeRedactor();
    redactors.set(path, redactor);
    return redactor;
  };
  return {
    line: (path, text) => {
      const clean = redactorOf(path)(text);
      // What follows is written all the same: a disk may have room again, and half a line may stand there by then.
      last = last.then(async () => {
        if (isSilent) return;
        try {
          await files.append(path, `${broken.has(path) ? '\n' : ''}${clean}\n`);
          broken.delete(path);
        } catch (thrown) {
          failure ??= thrown;
          isSilent = thrown instanceof Problem && thrown.code === 'file-timed-out';
          broken.add(path);
        }
      });
    },
    written: async () => {
      await last;
      if (failure !== undefined) throw failure;
    },
  };
}
