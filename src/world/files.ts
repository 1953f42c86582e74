/** The port to files. Paths are absolute; every file written is 0600 and every folder made is 0700. */
export interface Files {
  /** The text of a file, or undefined when there is none. */
  readonly read: (path: string) => Promise<string | undefined>;
  /** Replaces a file in one move, following a symbolic link; makes the folders that are missing. */
  readonly write: (path: string, text: string) => Promise<void>;
  /** As `write`, of bytes that are not text. */
  readonly writeBytes: (path: string, bytes: Uint8Array) => Promise<void>;
  /** Adds to the end of a file, making it when missing. */
  readonly append: (path: string, text: string) => Promise<void>;
  /** Paths of the entries of a folder, sorted; empty when there is no such folder. */
  readonly list: (folder: string) => Promise<readonly string[]>;
  /** Removes a file or a whole folder; nothing happens when it is missing. */
  readonly remove: (path: string) => Promise<void>;
  /**
   * Makes a file that must not exist yet, with the text given.
   * Answers false when it exists: this is how kubectl locks a kubeconfig (client-go, tools/clientcmd/loader.go).
   */
  readonly createExclusive: (path: string, text: string) => Promise<boolean>;
  /**
   * Takes the lock of a path, with a heartbeat that lets others take over from a dead owner.
   * Answers undefined when another process holds it, else a function that gives it back.
   */
  readonly lock: (path: string) => Promise<(() => Promise<void>) | undefined>;
}
