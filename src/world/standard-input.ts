/** The port to what is piped into the process. */

/**
 * Its whole text, the same at every call; undefined if standard input is a terminal. Lasts until the writer closes its end.
 * Rejects with Problem `interrupted` on the signal, and `config-unreadable` if it cannot be read.
 */
export type ReadInput = (signal: AbortSignal) => Promise<string | undefined>;
