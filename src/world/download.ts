/** The port for installing programs: files are downloaded, hashed, read as bytes and moved into place. */

/** A target platform, as Node names it, e.g. `linux` and `x64`. */
export interface Machine {
  readonly os: string;
  readonly arch: string;
}

/** The progress of a download in bytes, including what an earlier attempt left. */
export interface DownloadProgress {
  readonly received: number;
  /** Undefined if the server does not report it. */
  readonly total: number | undefined;
}

export interface DownloadRequest {
  readonly url: string;
  /** Absolute path of the file; it appears once it is complete. Until then `<path>.part` grows. */
  readonly path: string;
  /** Maximum size in bytes. */
  readonly maxBytes: number;
  /** How long the connection may be idle, in ms. */
  readonly idleMs: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/**
 * How a download ended. `refused`: an HTTP status other than success; `failed`: the error of the network or proxy, and
 * what was received is kept for the next attempt.
 */
export type DownloadResult =
  | { readonly kind: 'fetched' }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'cancelled' };

/** All raise Problem `file-failed` if this machine's disk fails. */
export interface Downloads {
  readonly machine: Machine;
  /** Resumes an earlier attempt if the server still has the same file; otherwise starts over. */
  readonly fetch: (request: DownloadRequest) => Promise<DownloadResult>;
  /** SHA-256 of a file, as 64 lower-case hexadecimal digits; undefined if there is no such file. */
  readonly sha256: (path: string) => Promise<string | undefined>;
  readonly bytesOf: (path: string) => AsyncIterable<Uint8Array>;
  /**
   * Installs a program with mode 0755 whatever the umask: moved atomically once all bytes are on disk. Until then, and
   * if the bytes end in an error, the previous file stays. One caller per path at a time.
   */
  readonly writeProgram: (path: string, bytes: AsyncIterable<Uint8Array>) => Promise<void>;
}
