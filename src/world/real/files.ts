/** Real files: replaced in one move, readable by their owner only, locked with a heartbeat. */
import { constants } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { lock } from 'proper-lockfile';
import { fileFailed } from '../../errors/file-failed.js';
import { Problem } from '../../errors/problem.js';
import type { Files } from '../files.js';
import { factsOf, replaceFile } from './replace-file.js';
import { withinLimit } from './time-limit.js';

const fileMode = 0o600;
const folderMode = 0o700;

/** As flag `a`, and no symbolic link is followed. */
const appending = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | constants.O_NOFOLLOW;

/** A lock whose owner did not touch it for this long counts as left behind, in ms; k0sctl's figures. */
const staleMs = 30_000;
const heartbeatMs = 10_000;

/** Raises Problem `file-failed`, with the path and the system's reason, for whatever the port does not foresee, and `file-timed-out`. */
export const realFiles: Files = {
  read: (path) => told('read', path, () => unless('ENOENT', undefined, readFile(path, 'utf8'))),
  write: (path, text) => replace(path, text, false),
  writeThroughLinks: (path, text) => replace(path, text, true),
  writeBytes: (path, bytes) => replace(path, bytes, false),
  append: (path, text) =>
    told('write', path, async () => {
      await makeFolderOf(path);
      await appendFile(path, text, { mode: fileMode, flag: appending });
    }),
  list: (folder) =>
    told('list', folder, async () => {
      const names = await unless('ENOENT', [], readdir(folder));
      return names.map((name) => join(folder, name)).sort();
    }),
  remove: (path) => told('remove', path, () => rm(path, { recursive: true, force: true })),
  facts: (path) => told('look at', path, () => factsOf(path)),
  // A lock that comes too late is nobody's.
  lock: (path) =>
    told(
      'lock',
      path,
      () => takeLock(path),
      (release) => release?.(),
    ),
};

async function replace(path: string, content: string | Uint8Array, followsLinks: boolean): Promise<void> {
  await told('write', path, () => replaceFile(path, content, { mode: fileMode, followsLinks }));
}

async function takeLock(path: string): Promise<(() => Promise<void>) | undefined> {
  await makeFolderOf(path);
  // The path need not exist, and a lock that another took over from us is theirs: giving it back is then nothing.
  const options = { stale: staleMs, update: heartbeatMs, retries: 0, realpath: false, onCompromised: () => {} };
  // ENOTDIR: the lock is an old file, not a folder of ours.
  const release = await unless('ENOTDIR', undefined, unless('ELOCKED', undefined, lock(path, options)));
  return release && (() => told('unlock', path, () => unless('ERELEASED', undefined, release())));
}

async function makeFolderOf(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: folderMode });
}

/** The outcome, or the value given when the system refuses with this very code. */
async function unless<T, V>(code: string, value: V, outcome: Promise<T>): Promise<T | V> {
  try {
    return await outcome;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === code) return value;
    throw thrown;
  }
}

async function told<T>(verb: string, path: string, act: () => Promise<T>, late?: (outcome: T) => unknown): Promise<T> {
  try {
    return await withinLimit({ verb, path }, act, late);
  } catch (cause) {
    throw cause instanceof Problem ? cause : fileFailed(verb, path, cause);
  }
}
