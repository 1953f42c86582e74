/** A lock between processes, also of several machines: a folder whose holder keeps its timestamp fresh. */
import { lstat, mkdir, rmdir, utimes } from 'node:fs/promises';
import { type HeldLock, lockStaleMs } from '../../files.js';
import { unless } from '../unless.js';

const heartbeatMs = 10_000;

/** Timestamp resolution of FAT, the coarsest file system, in ms: a time rounded to it is read back unchanged. */
const grainMs = 2_000;

/** Undefined if another process holds it and has refreshed it within `staleMs`. */
export async function takeLock(folder: string, staleMs: number): Promise<HeldLock | undefined> {
  if (await isMade(folder)) return await hold(folder);
  return (await removeOld(folder, staleMs)) && (await isMade(folder)) ? await hold(folder) : undefined;
}

/** One at a time: if two find the same old lock, the second must not remove the first one's new lock. */
async function removeOld(folder: string, staleMs: number): Promise<boolean> {
  if (!(await isOld(folder, staleMs))) return false;
  const turn = `${folder}.removal`;
  if (!(await isMade(turn))) {
    // Its process died in that moment.
    if (await isOld(turn, lockStaleMs)) await unless('ENOENT', undefined, rmdir(turn));
    return false;
  }
  try {
    if (!(await isOld(folder, staleMs))) return false;
    await unless('ENOENT', undefined, rmdir(folder));
    return true;
  } finally {
    await unless('ENOENT', undefined, rmdir(turn));
  }
}

async function isOld(folder: string, staleMs: number): Promise<boolean> {
  const found = await touchedAt(folder);
  return found === undefined || Date.now() - found > staleMs;
}

async function isMade(folder: string): Promise<boolean> {
  return await unless(
    'EEXIST',
    false,
    mkdir(folder, { mode: 0o700 }).then(() => true),
  );
}

/** Undefined if another process took it for an abandoned one at that moment. */
async function hold(folder: string): Promise<HeldLock | undefined> {
  const lost = new AbortController();
  let touched = await unless('ENOENT', undefined, touch(folder));
  if (touched === undefined) return undefined;
  let freshAt = Date.now();
  let turn: Promise<unknown> = Promise.resolve();
  // A check between refreshing the timestamp and recording it would take our own lock for another's.
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const outcome = turn.then(act);
    turn = outcome.catch(() => undefined);
    return outcome;
  };
  let isOver = false;
  const isOurs = async (): Promise<boolean> => {
    if (!isOver && (await touchedAt(folder)) !== touched) lost.abort();
    isOver ||= lost.signal.aborted;
    if (isOver) clearInterval(beating);
    return !isOver;
  };
  const beat = async (): Promise<void> => {
    try {
      if (!(await isOurs())) return;
      touched = await touch(folder);
      freshAt = Date.now();
    } catch {
      // Others may take a lock that was not kept fresh, whatever the reason.
      const isStale = Date.now() - freshAt > lockStaleMs;
      if (isStale) lost.abort();
    }
  };
  const beating = setInterval(() => void inTurn(beat), heartbeatMs).unref();
  return {
    lost: lost.signal,
    isOurs: () => inTurn(isOurs),
    release: () =>
      inTurn(async () => {
        if (!(await isOurs())) return;
        isOver = true;
        clearInterval(beating);
        await unless('ENOENT', undefined, rmdir(folder));
      }),
  };
}

async function touch(folder: string): Promise<number> {
  const moment = Math.floor(Date.now() / grainMs) * grainMs;
  await utimes(folder, new Date(moment), new Date(moment));
  return moment;
}

/**
 * When the lock was last refreshed, in ms since the epoch; undefined if there is none. A file belongs to another
 * program and is never considered old.
 */
async function touchedAt(folder: string): Promise<number | undefined> {
  const facts = await unless('ENOENT', undefined, lstat(folder));
  return facts?.isDirectory() === false ? Number.POSITIVE_INFINITY : facts?.mtimeMs;
}
