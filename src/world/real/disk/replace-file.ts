/** Replaces a file atomically; a symbolic link in its place is refused, or followed if requested. */
import { access, chown, constants, lstat, open, readdir, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type FileFacts, fileLimitMs } from '../../files.js';
import { makeFolder } from './make-folder.js';

let count = 0;

/** Older temporary files are of a process that died while writing: no write takes longer than the limit. */
const forgottenMs = 2 * fileLimitMs;

/**
 * The new content is completely on disk before it replaces the old file, whose owner it keeps; the mode is the given
 * one. On an error, including a full disk, the old file stays. A link created between the check and the rename is
 * itself replaced.
 */
export async function replaceFile(
  path: string,
  content: string | Uint8Array,
  { mode, followsLinks }: { readonly mode: number; readonly followsLinks: boolean },
): Promise<void> {
  const target = followsLinks ? await targetOf(path) : path;
  if (!followsLinks) await refuseLink(path);
  const half = `${target}.${process.pid}-${++count}.new`;
  await makeFolder(dirname(target));
  const owner = await lstat(target).catch(() => undefined);
  // A rename would remove a device or a pipe: root's KUBECONFIG may be /dev/null.
  if (owner !== undefined && !owner.isFile() && !owner.isSymbolicLink()) throw new NoRegularFile();
  try {
    const file = await open(half, 'wx', mode);
    try {
      // Unlike a single write, this one continues until everything is written or the disk reports an error.
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    // Only root may change a file's owner; any other user already is the owner, or becomes it.
    if (owner !== undefined) await chown(half, owner.uid, owner.gid).catch(() => undefined);
    await rename(half, target);
    await removeForgotten(target).catch(() => undefined);
  } catch (thrown) {
    await rm(half, { force: true });
    throw thrown;
  }
}

/** Temporary files that never replaced the old ones: they may contain keys. */
async function removeForgotten(target: string): Promise<void> {
  const start = `${basename(target)}.`;
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(start) || !/^\d+-\d+\.new$/.test(name.slice(start.length))) continue;
    const path = join(dirname(target), name);
    if (Date.now() - (await stat(path)).mtimeMs > forgottenMs) await rm(path, { force: true });
  }
}

/** See `Files.facts`. */
export async function factsOf(path: string): Promise<FileFacts> {
  const target = await targetOf(path);
  const found = await stat(target).catch(() => undefined);
  if (found === undefined) return { path: target, mode: undefined, writable: true };
  const mayWrite = await access(target, constants.W_OK).then(
    () => true,
    () => false,
  );
  // Root can write everything, but a file that its owner made read-only is read-only for root too.
  return { path: target, mode: found.mode & 0o777, writable: found.isFile() && mayWrite && (found.mode & 0o200) !== 0 };
}

/** The system's own message for `O_NOFOLLOW` (`open(2)`). */
class NoLinkFollowed extends Error {
  override readonly name = 'NoLinkFollowed';
  override readonly message = 'ELOOP: it is a symbolic link';
}

class NoRegularFile extends Error {
  override readonly name = 'NoRegularFile';
  override readonly message = 'it is not a regular file';
}

/** A link could redirect what is written to another file. */
export async function refuseLink(path: string): Promise<void> {
  if (await isLink(path)) throw new NoLinkFollowed();
}

async function isLink(path: string): Promise<boolean> {
  return await lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
}

/** The target of a path through all symbolic links, even if nothing exists there yet. */
async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT')) throw thrown;
    return (await isLink(path)) ? await targetOf(resolve(dirname(path), await readlink(path))) : path;
  }
}
