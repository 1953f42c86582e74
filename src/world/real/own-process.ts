/** What comes to this process from outside: signals, and a terminal or a reader of the output that goes. */
import { closeSync, fstatSync } from 'node:fs';
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

/**
 * A reader that closed the pipe (`| head`) or a closed terminal does not end the run: the journal records the rest.
 * Returns whether output could be written wherever it still has a reader: a disk may be full.
 */
export function watchOutput(): () => boolean {
  let written = true;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
      if (!['EPIPE', 'EIO'].includes(code)) written = false;
    });
  }
  return () => written;
}

/** The permission bits of the regular file that stdout leads into; undefined where it leads elsewhere, or is closed. */
export function modeOfOutput(): number | undefined {
  try {
    const found = fstatSync(1);
    return found.isFile() ? found.mode & 0o777 : undefined;
  } catch {
    return undefined;
  }
}

/** What the first signal does, and each later one. */
export interface Stop {
  readonly drain: () => void;
  readonly kill: () => void;
}

/** Child processes have their own process groups, so these signals reach only this process. */
export function stopOnSignals({ drain, kill }: Stop): void {
  let stops = 0;
  const stop = (): void => {
    stops += 1;
    if (stops === 1) drain();
    else kill();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
}

/** What Node tells programmers of itself: age's keys are X25519 and ora's spinners are JSON, which it calls experimental (observed with 20.17; not with 20.20). */
const forProgrammers = /^(?:The X25519 Web Crypto API algorithm|Importing JSON modules) is an experimental feature/;

/** Keeps that from our users; other warnings are kept. Must be called before the first of them. */
export function quietNode(): void {
  const emit = process.emitWarning.bind(process) as (warning: string | Error, ...more: readonly unknown[]) => void;
  process.emitWarning = (warning: string | Error, ...more: readonly unknown[]): void => {
    if (!forProgrammers.test(`${warning}`)) emit(warning, ...more);
  };
}
