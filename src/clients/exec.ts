/**
 * What lies between a client and the programs that it runs, from the inside out; each layer sees only what those inside let through:
 * tokens, so that no log names a copy with a token; redaction, so that nothing that a program prints shows a secret, in logs neither;
 * the log, of what really ran; the guard, for what may not run any more is not logged; retries, each of which passes the guard; the cache
 * of reads, for a shared answer costs nothing.
 */
import { backingOff } from '../aws/back-off.js';
import { loggedExec } from '../logs/command-log.js';
import { redactingExec } from '../logs/redacting-exec.js';
import type { WriteQueue } from '../logs/write-queue.js';
import { retryReads } from '../tools/kubectl/retry-reads.js';
import { cachedTokens } from '../tools/kubectl/token-cache.js';
import type { Exec } from '../world/exec.js';
import type { World } from '../world/world.js';
import type { ChangeGuard } from './change-guard.js';
import { makeReadCache, type ReadCache } from './read-cache.js';

/** The inner layers, which all clients of a run share. */
export interface ProgramExec {
  readonly exec: Exec;
  /** Where commands are logged from here on; before that they are not. */
  readonly logInto: (folder: string) => void;
  /** Removes the tokens that were written for it. */
  readonly forget: () => Promise<void>;
}

export function programExec(world: World, logs: WriteQueue): ProgramExec {
  let folder: string | undefined;
  const { exec, forget } = cachedTokens(world);
  return {
    exec: loggedExec(redactingExec(exec), world.clock, logs, () => folder),
    logInto: (into) => {
      folder = into;
    },
    forget,
  };
}

/** The outer layers, which guarded and unguarded clients each have for themselves; those around AWS are the same. */
export function clientPorts(
  given: Pick<World, 'exec' | 'aws' | 'clock'>,
  guard: ChangeGuard | undefined,
  signal: AbortSignal | undefined,
): ReadCache {
  const { clock } = given;
  const { exec, aws } = guard?.around(given) ?? given;
  return makeReadCache({ exec: retryReads(exec, clock), aws: backingOff(aws, { clock, signal }) });
}
