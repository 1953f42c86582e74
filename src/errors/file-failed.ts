/** The Problems for a file that could not be read or written. */
import { Problem } from './problem.js';

/** What the user can do about a failure, by the system's error code. */
const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space',
  EDQUOT: 'your disk quota is exceeded; free some space',
  EROFS: 'the disk is read-only; set KARMADA_EKS_HOME to a folder elsewhere',
  EACCES: 'check the permissions of the file and its folder',
  ELOOP: 'karmada-eks does not write through symbolic links; remove the link, or work in another folder',
  EPERM: 'check the permissions of the file and its folder',
};

/** `verb` is the operation that failed; `reason` is what was thrown, and its text begins with the system's code. */
export function fileFailed(verb: string, path: string, reason: unknown): Problem {
  const why = reason instanceof Error ? reason.message : String(reason);
  const remedy = remedies[/\b(E[A-Z]+)\b/.exec(why)?.[1] ?? ''];
  return new Problem('file-failed', {
    what: `could not ${verb} ${path}`,
    why,
    next: [...(remedy === undefined ? [] : [remedy]), 'run the same command again; it continues from where it stopped'],
    cause: reason,
  });
}

/** For a file that did not respond within `limitMs`: its folder is on a server that is gone, or the disk is broken. */
export function fileTimedOut(verb: string, path: string, limitMs: number): Problem {
  return new Problem('file-timed-out', {
    what: `could not ${verb} ${path}`,
    why: `its disk did not respond within ${limitMs / 1000} s`,
    next: [
      `check that the folder responds: ls ${path}`,
      'if it is on a server, wait for the server, or set KARMADA_EKS_HOME to a folder on this machine',
      'run the same command again; it continues from where it stopped',
    ],
  });
}
