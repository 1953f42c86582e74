/** Real files: replaced atomically, readable only by their owner, locked with a heartbeat. */
import { constants } from 'node:fs';
import { appendFile, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileFailed } from '../../../errors/file-failed.js';
import { Problem } from '../../../errors/problem.js';
import { type Files, type HeldLock, lockStaleMs } from '../../files.js';
import { withinLimit } from '../time-limit.js';
import { unless } from '../unless.js';
import { readStream, sizeOf, writeStream } from './byte-streams.js';
import { takeLock } from './lock.js';
import { makeFolder } from './make-folder.js';
import { moveIfFree } from './move-if-free.js';
import { factsOf, replaceFile } from './replace-file.js';

const fileMode = 0o600;

/** Like flag `a`, without following symbolic links. */
const appending = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | constants.O_NOFOLLOW;

/** Raises Problem `file-failed` with the system's reason for what the port does not cover, and `file-timed-out`. */
export const realFiles: Files = {
  read: (path) => told('read', path, () => unless('ENOENT', undefined, readFile(path, 'utf8'))),
  write: (path, text) => replace(path, text, false),
  writeThroughLinks: (path, text) => replace(path, text, true),
  writeBytes: (path, bytes) => replace(path, bytes, false),
  writeStream,
  moveIfFree: (from, to) => told('write', to, () => moveIfFree(from, to)),
  readStream,
  size: sizeOf,
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
  facts: (path) => told('check', path, () => factsOf(path)),
  // A lock that arrives too late belongs to nobody.
  lock: (path, staleMs = lockStaleMs) =>
    told(
      'lock',
      path,
      () => lock(path, staleMs),
      (held) => held?.release(),
    ),
};

async function replace(path: string, content: string | Uint8Array, followsLinks: boolean): Promise<void> {
  await told('write', path, () => replaceFile(path, content, { mode: fileMode, followsLinks }));
}

async function lock(path: string, staleMs: number): Promise<HeldLock | undefined> {
  await makeFolderOf(path);
  const held = await takeLock(`${path}.lock`, staleMs);
  return (
    held && {
      lost: held.lost,
      isOurs: () => told('check', `${path}.lock`, held.isOurs),
      release: () => told('unlock', path, held.release),
    }
  );
}

async function makeFolderOf(path: string): Promise<void> {
  await makeFolder(dirname(path));
}

async function told<T>(verb: string, path: string, act: () => Promise<T>, late?: (outcome: T) => unknown): Promise<T> {
  try {
    return await withinLimit({ verb, path }, act, late);
  } catch (cause) {
    throw cause instanceof Problem ? cause : fileFailed(verb, path, cause);
  }
}
