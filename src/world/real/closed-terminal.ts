/** Handles a terminal that is closed while the program runs. */
import { closeSync } from 'node:fs';
import { isatty, type ReadStream } from 'node:tty';

const streams = [0, 1, 2] as const;

/**
 * Call it at the start, and call the returned function right before the end. Node restores every terminal that it
 * started with, and aborts if one is gone (`ResetStdio` of node.cc; seen with 20.20: SIGABRT); it skips closed ones.
 * Prompts restore it too, where the error cannot be caught (node:readline, `close`).
 */
export function handleClosedTerminal(stdin: ReadStream): () => void {
  const terminals = streams.filter((stream) => isatty(stream));
  const setRawMode = stdin.setRawMode?.bind(stdin);
  if (setRawMode) stdin.setRawMode = (mode) => (isatty(0) ? setRawMode(mode) : stdin);
  return () => {
    for (const stream of terminals) if (!isatty(stream)) closeSync(stream);
  };
}
