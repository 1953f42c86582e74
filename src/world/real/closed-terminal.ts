/** What is to be done about a terminal that is closed while the program runs. */
import { closeSync } from 'node:fs';
import { isatty, type ReadStream } from 'node:tty';

const streams = [0, 1, 2] as const;

/**
 * Call it at the start; call what it answers right before the end. Node sets every terminal that it began with back to what
 * it was, and aborts when one has gone (`ResetStdio` of node.cc; seen with 20.20: SIGABRT); what is closed it leaves alone.
 * Whoever asks sets it back too, where an error can be caught by nobody (node:readline, `close`).
 */
export function handleClosedTerminal(stdin: ReadStream): () => void {
  const terminals = streams.filter((stream) => isatty(stream));
  const setRawMode = stdin.setRawMode?.bind(stdin);
  if (setRawMode) stdin.setRawMode = (mode) => (isatty(0) ? setRawMode(mode) : stdin);
  return () => {
    for (const stream of terminals) if (!isatty(stream)) closeSync(stream);
  };
}
