/** How a simulated program learns that it has been stopped. */

/** Rejects a program's `takes()` once it was stopped; only the machine that runs programs catches it. */
export class ProcessEnded extends Error {
  override readonly name = 'ProcessEnded';
}
