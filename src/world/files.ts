/** The port to files. Paths are absolute; every file is written with mode 0600, and every folder created with 0700. */

export interface FileFacts {
  /** The path with symbolic links resolved, even if they are dangling. */
  readonly path: string;
  /** The permission bits, e.g. 0o644; undefined if there is no file. */
  readonly mode: number | undefined;
  /** Whether its owner, and this process, may write it; true if there is no file. */
  readonly writable: boolean;
}

/** How long an operation may take, in ms; after that it rejects with Problem `file-timed-out`. */
export const fileLimitMs = 30_000;

/** A lock whose owner has been silent for this long counts as abandoned, in ms; k0sctl's value. */
export const lockStaleMs = 30_000;

/** A lock that is ours until it is released or lost. */
export interface HeldLock {
  /** Aborted when another process took it, because this one was silent for too long, e.g. asleep. */
  readonly lost: AbortSignal;
  /** Checks whether it is still ours; also false once released. */
  readonly isOurs: () => Promise<boolean>;
  /** Releases it; does nothing if it is no longer ours. */
  readonly release: () => Promise<void>;
}

export interface Files {
  /** Undefined if it does not exist. */
  readonly read: (path: string) => Promise<string | undefined>;
  /**
   * Replaces a file atomically and keeps its owner; creates missing folders. A symbolic link at the path is refused
   * (`file-failed`), because it could redirect the write to another file.
   */
  readonly write: (path: string, text: string) => Promise<void>;
  /** Like `write`, but follows symbolic links: only for the user's kubeconfig, whose links the user created. */
  readonly writeThroughLinks: (path: string, text: string) => Promise<void>;
  /** Like `write`, for bytes that are not text. */
  readonly writeBytes: (path: string, bytes: Uint8Array) => Promise<void>;
  /**
   * Writes what need not fit into memory into a file of that name, which only this program makes: one that is there is
   * what a run that died has left, and is deleted. If the bytes end in an error, so is the new one; a process that dies
   * leaves it. Links as in `write`.
   */
  readonly writeStream: (path: string, bytes: AsyncIterable<Uint8Array>) => Promise<void>;
  /**
   * Gives a file its final name, unless there is anything of that name, even a dangling link: then false, and both stay.
   * Nothing that is created meanwhile is replaced. A process that dies may leave both names.
   */
  readonly moveIfFree: (from: string, to: string) => Promise<boolean>;
  /** The bytes of a file, piece by piece; none if it does not exist. */
  readonly readStream: (path: string) => AsyncIterable<Uint8Array>;
  /** In bytes; undefined if there is no such file. */
  readonly size: (path: string) => Promise<number | undefined>;
  /** Appends to a file, creating it if missing; refuses a link as `write` does. */
  readonly append: (path: string, text: string) => Promise<void>;
  /** Paths of the entries of a folder, sorted; empty if there is no such folder. */
  readonly list: (folder: string) => Promise<readonly string[]>;
  /** Deletes a file or a whole folder; does nothing if it is missing. */
  readonly remove: (path: string) => Promise<void>;
  /** Follows symbolic links. */
  readonly facts: (path: string) => Promise<FileFacts>;
  /**
   * Takes the lock of a path, with a heartbeat that lets others take over from a dead owner: one that has been silent
   * for `staleMs` (default: `lockStaleMs`). The lock is `<path>.lock`: kubectl, which creates a file of that name to
   * lock a kubeconfig, sees ours, and kubectl's own file is never taken over (client-go 0.35.3,
   * tools/clientcmd/loader.go). Returns undefined if another process holds it.
   */
  readonly lock: (path: string, staleMs?: number) => Promise<HeldLock | undefined>;
}
