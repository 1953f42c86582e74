/** Determines from execa's result how a program exited. */
import { constants } from 'node:os';

interface Ended {
  readonly failed: boolean;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly stderr: string;
  readonly originalMessage?: string | undefined;
}

/** The shell's exit status for a program that was found but could not be run. */
const couldNotRun = 126;

/**
 * Exit status and standard error; 128 + n for signal n. A program that could not be started, or whose output could not
 * be taken in, counts as failed with the system's reason as its error: exit code 0 would be wrong.
 */
export function exitOf(ended: Ended): { readonly code: number; readonly stderr: string } {
  if (ended.signal !== undefined) return { code: 128 + signalNumber(ended.signal), stderr: ended.stderr };
  const exited = ended.exitCode;
  if (exited !== undefined && (exited !== 0 || !ended.failed)) return { code: exited, stderr: ended.stderr };
  return { code: couldNotRun, stderr: `${ended.stderr}${ended.originalMessage ?? 'it could not be run'}\n` };
}

function signalNumber(signal: string): number {
  const numbers: Readonly<Record<string, number>> = constants.signals;
  return numbers[signal] ?? 0;
}
