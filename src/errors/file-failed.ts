/** The Problems for a file that could not be read or written. */
import { Problem } from './problem.js';

/** What can be done about the reasons that a user can do something about, by the system's code. */
const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: make room on it',
  EDQUOT: 'your share of the disk is used up: make room on it',
  EROFS: 'the disk cannot be written to: let KARMADA_EKS_HOME name a folder elsewhere',
  EACCES: 'see who may read and write it, and its folder',
  ELOOP: 'no symbolic link is written through: remove it, or work in another folder',
  EPERM: 'see who may read and write it, and its folder',
};

/** `verb` is what was to be done with the file; `reason` is what was thrown, whose text begins with the system's code. */
export function fileFailed(verb: string, path: string, reason: unknown): Problem {
  const why = reason instanceof Error ? reason.message : String(reason);
  const remedy = remedies[/\b(E[A-Z]+)\b/.exec(why)?.[1] ?? ''];
  return new Problem('file-failed', {
    what: `could not ${verb} ${path}`,
    why,
    next: [...(remedy === undefined ? [] : [remedy]), 'run the same command again: it goes on from what is there'],
    cause: reason,
  });
}

/** For a file that gave no answer within `limitMs`: its folder is on a server that is gone, or the disk is broken. */
export function fileTimedOut(verb: string, path: string, limitMs: number): Problem {
  return new Problem('file-timed-out', {
    what: `could not ${verb} ${path}`,
    why: `its disk gave no answer within ${limitMs / 1000} s`,
    next: [
      `see whether the folder answers: ls ${path}`,
      'if it is on a server, wait for that, or let KARMADA_EKS_HOME name a folder on this machine',
      'run the same command again: it goes on from what is there',
    ],
  });
}
