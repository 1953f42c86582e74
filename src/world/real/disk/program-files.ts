/** Real binary files: hashed, read, and installed as programs. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileFailed } from '../../../errors/file-failed.js';
import { Problem } from '../../../errors/problem.js';
import { makeFolder } from './make-folder.js';

export async function sha256Of(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
    throw fileFailed('read', path, thrown);
  }
  return hash.digest('hex');
}

export async function* readBytes(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path)) yield chunk;
  } catch (thrown) {
    throw fileFailed('read', path, thrown);
  }
}

/** The temporary file is in the same folder, so that the final rename does not cross file systems. */
export async function writeProgram(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const folder = dirname(path);
  const half = join(folder, `.${basename(path)}.new`);
  try {
    await makeFolder(folder);
    await rm(half, { force: true });
    await writeAll(half, bytes);
    await rename(half, path);
    await syncFolder(folder);
  } catch (thrown) {
    await rm(half, { force: true });
    throw thrown instanceof Problem ? thrown : fileFailed('write', path, thrown);
  }
}

async function writeAll(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of bytes) await file.writeFile(chunk);
    await file.chmod(0o755);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** After a power failure the rename must not be there without the bytes, nor be lost. */
async function syncFolder(folder: string): Promise<void> {
  const opened = await open(folder, 'r');
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}
