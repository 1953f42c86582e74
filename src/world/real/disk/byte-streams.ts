/** Real files that need not fit into memory: read and written piece by piece. */
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { fileFailed } from '../../../errors/file-failed.js';
import { Problem } from '../../../errors/problem.js';
import { withinLimit } from '../time-limit.js';
import { unless } from '../unless.js';
import { makeFolder } from './make-folder.js';
import { refuseLink } from './replace-file.js';

/** See `Files.writeStream`. */
export async function writeStream(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  collectEarly();
  const act = <T>(work: () => Promise<T>): Promise<T> => told('write', path, work);
  const file = await act(async () => {
    await refuseLink(path);
    await makeFolder(dirname(path));
    await rm(path, { force: true });
    return await open(path, 'wx', 0o600);
  });
  try {
    await fill(file, bytes, act);
  } catch (thrown) {
    await rm(path, { force: true }).catch(() => undefined);
    throw thrown;
  }
}

/**
 * From now on V8 does not let the space for new objects grow: the pieces of a stream are garbage at once, and large outside of V8's
 * heap (an encrypted backup of 100 MB had 154 MB of memory, and 98 MB so, on Node 20).
 */
function collectEarly(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

async function fill(
  file: FileHandle,
  bytes: AsyncIterable<Uint8Array>,
  act: (work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  try {
    for await (const piece of bytes) await act(() => file.writeFile(piece));
    await act(() => file.sync());
  } finally {
    await file.close();
  }
}

/** See `Files.readStream`. */
export async function* readStream(path: string): AsyncGenerator<Uint8Array> {
  if ((await sizeOf(path)) === undefined) return;
  const pieces = createReadStream(path)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await told('read', path, () => pieces.next());
      if (done === true) return;
      yield value;
    }
  } finally {
    await pieces.return?.();
  }
}

/** See `Files.size`. */
export async function sizeOf(path: string): Promise<number | undefined> {
  return (await told('check', path, () => unless('ENOENT', undefined, stat(path))))?.size;
}

async function told<T>(verb: string, path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await withinLimit({ verb, path }, act);
  } catch (cause) {
    throw cause instanceof Problem ? cause : fileFailed(verb, path, cause);
  }
}
