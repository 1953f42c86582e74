/** One run per fleet at a time, among those that share a data folder. */
import { Problem } from '../errors/problem.js';
import { type HeldLock, lockStaleMs } from '../world/files.js';
import type { World } from '../world/world.js';
import { lockOwner, ownerFile, ownerText } from './lock-owner.js';
import { poll } from './poll.js';

const everyMs = 2_000;

/** Longer than any lock that can be taken over is waited for; a living run is not waited for longer. */
const spareMs = 6_000;

/** How long after a check a change may still start, in ms: nobody can have taken over the lock in the meantime. */
const sureMs = lockStaleMs / 2;

/** Who requests the lock, and how to report the wait for it. */
export interface LockOptions {
  readonly path: string;
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
  /** What is locked; a fleet when not given. */
  readonly subject?: string;
}

export interface RunLock {
  /** Aborted, with a Problem `fleet-locked` as its reason, when another run has taken the lock over. */
  readonly lost: AbortSignal;
  /** To be called before every change. @throws Problem `fleet-locked` when another run has taken the lock over */
  readonly confirm: () => Promise<void>;
}

/** @throws Problem `fleet-locked` when another run holds the lock and lives. */
export async function withLock<T>(world: World, options: LockOptions, use: (lock: RunLock) => Promise<T>): Promise<T> {
  const { files } = world;
  const held = await taken(world, options);
  try {
    await files.write(ownerFile(options.path), await ownerText(world));
    return await use(watched(world, options, held));
  } finally {
    // A remaining note is harmless, and must neither keep the lock nor hide an earlier error.
    if (await held.isOurs().catch(() => false)) await files.remove(ownerFile(options.path)).catch(() => undefined);
    await held.release();
  }
}

function watched(world: World, options: LockOptions, held: HeldLock): RunLock {
  const lost = new AbortController();
  let sureAt = world.clock.now();
  const lose = async (): Promise<void> => {
    const { who } = await lockOwner(world, options.path);
    lost.abort(
      new Problem('fleet-locked', {
        what: `${who} took ${options.subject ?? 'this fleet'} over from this run`,
        why: `this run was unresponsive for more than ${lockStaleMs / 1000} s, e.g. because the machine was asleep, and no longer holds ${options.path}`,
        next: ['wait until it finishes, then run the same command again; it continues from where it stopped'],
      }),
    );
  };
  held.lost.addEventListener('abort', () => void lose());
  const confirm = async (): Promise<void> => {
    const now = world.clock.now();
    if (!lost.signal.aborted && (now < sureAt || now - sureAt >= sureMs)) {
      // An unresponsive disk proves nothing; a lost lock is reported by the heartbeat.
      if (await held.isOurs().catch(() => true)) sureAt = now;
      else await lose();
    }
    lost.signal.throwIfAborted();
  };
  return { lost: lost.signal, confirm };
}

/** The lock, unless somebody who may be alive holds it; then undefined. */
export async function freeLock(world: World, path: string): Promise<HeldLock | undefined> {
  return await world.files.lock(path, (await lockOwner(world, path)).staleMs);
}

async function taken(world: World, options: LockOptions): Promise<HeldLock> {
  const { files, clock } = world;
  const { who, staleMs, afterDeath } = await lockOwner(world, options.path);
  const first = await files.lock(options.path, staleMs);
  if (first !== undefined) return first;
  const subject = options.subject ?? 'this fleet';
  options.note(`${who} is working on ${subject}; ${afterDeath}`);
  return await poll(() => freeLock(world, options.path), {
    everyMs,
    limitMs: (Number.isFinite(staleMs) ? Math.max(staleMs, lockStaleMs) : lockStaleMs) + spareMs,
    clock,
    signal: options.signal,
    onTimeout: () =>
      new Problem('fleet-locked', {
        what: `another run is working on ${subject}`,
        why: `${who} holds ${options.path}`,
        next: ['wait until it finishes, then run the same command again'],
      }),
  });
}
