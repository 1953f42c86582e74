/** The port to files. Paths are absolute; every file written is 0600 and every folder made is 0700. */

/** What stands at a path. */
export interface FileFacts {
  /** The path without its symbolic links, also where they lead to nothing. */
  readonly path: string;
  /** The permission bits, e.g. 0o644; undefined when there is no file. */
  readonly mode: number | undefined;
  /** Whether its owner, and we, may change it; true when there is no file. */
  readonly writable: boolean;
}

/** How long an operation may take, in ms; what is not answered by then rejects with Problem `file-timed-out`. */
export const fileLimitMs = 30_000;

/** A lock whose owner was not heard of for this long counts as left behind, in ms; k0sctl's figure. */
export const lockStaleMs = 30_000;

/** A lock that is ours until it is given back or lost. */
export interface HeldLock {
  /** Aborted when another process has it, which may take it when this one was not heard of for too long: asleep, say. */
  readonly lost: AbortSignal;
  /** Looks whether it still is ours; false also when it was given back. */
  readonly isOurs: () => Promise<boolean>;
  /** Gives it back; nothing happens when it is not ours any more. */
  readonly release: () => Promise<void>;
}

export interface Files {
  /** The text of a file, or undefined when there is none. */
  readonly read: (path: string) => Promise<string | undefined>;
  /**
   * Replaces a file in one move and keeps its owner; makes the folders that are missing. A symbolic link at the path is
   * refused (`file-failed`): who put it there may have meant another file to be written.
   */
  readonly write: (path: string, text: string) => Promise<void>;
  /** As `write`, where the links at the path lead to: for the user's kubeconfig alone, whose links are the user's own. */
  readonly writeThroughLinks: (path: string, text: string) => Promise<void>;
  /** As `write`, of bytes that are not text. */
  readonly writeBytes: (path: string, bytes: Uint8Array) => Promise<void>;
  /** Adds to the end of a file, making it when missing; refuses a link as `write` does. */
  readonly append: (path: string, text: string) => Promise<void>;
  /** Paths of the entries of a folder, sorted; empty when there is no such folder. */
  readonly list: (folder: string) => Promise<readonly string[]>;
  /** Removes a file or a whole folder; nothing happens when it is missing. */
  readonly remove: (path: string) => Promise<void>;
  /** What stands at a path, or where the links there lead to. */
  readonly facts: (path: string) => Promise<FileFacts>;
  /**
   * Takes the lock of a path, with a heartbeat that lets others take over from a dead owner: from one that has not been heard
   * of for `staleMs`, `lockStaleMs` when not given. The lock is `<path>.lock`: kubectl, which makes a file of that name to lock
   * a kubeconfig, sees ours, and a file of its own is never taken over (client-go 0.35.3, tools/clientcmd/loader.go).
   * Answers undefined when another process holds it.
   */
  readonly lock: (path: string, staleMs?: number) => Promise<HeldLock | undefined>;
}
