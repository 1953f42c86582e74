/** The port through which programs come onto this machine: files are fetched, hashed, read as bytes and put in place. */

/** Where a program is to run, as Node names it, e.g. `linux` and `x64`. */
export interface Machine {
  readonly os: string;
  readonly arch: string;
}

/** How far a download is, in bytes, counting what an earlier attempt had left. */
export interface DownloadProgress {
  readonly received: number;
  /** Undefined when the server does not say. */
  readonly total: number | undefined;
}

/** One file to fetch. */
export interface DownloadRequest {
  readonly url: string;
  /** Absolute path of the file; it appears when all of it is there. Until then `<path>.part` grows. */
  readonly path: string;
  /** More than this is not taken, in bytes. */
  readonly maxBytes: number;
  /** How long nothing may come, in ms. */
  readonly idleMs: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/**
 * How a download ended. `refused`: an HTTP status other than success; `failed`: the network's or proxy's words, and what
 * came so far is kept for the next attempt.
 */
export type DownloadResult =
  | { readonly kind: 'fetched' }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'cancelled' };

/** All raise Problem `file-failed` when this machine's disk is what does not work. */
export interface Downloads {
  readonly machine: Machine;
  /** Goes on with what an earlier attempt left, when the server still has the same file; else begins anew. */
  readonly fetch: (request: DownloadRequest) => Promise<DownloadResult>;
  /** SHA-256 of a file, as 64 lower-case hexadecimal digits; undefined when there is no such file. */
  readonly sha256: (path: string) => Promise<string | undefined>;
  readonly bytesOf: (path: string) => AsyncIterable<Uint8Array>;
  /**
   * Puts a program in place, with mode 0755 whatever the umask: in one move once all bytes are on the disk.
   * Until then, and when the bytes end in an error, what was there before stays. One caller a path at a time.
   */
  readonly writeProgram: (path: string, bytes: AsyncIterable<Uint8Array>) => Promise<void>;
}
