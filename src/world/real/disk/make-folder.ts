/** Makes a folder, and those above it that are missing, for their user alone. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Node's own recursion tries forever, at full speed, where nothing can be made in a folder that is there, as in /proc (seen with 20.20). */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (thrown) {
    if (await isFolder(path)) return;
    const isUp = dirname(path) === path || (await isFolder(dirname(path)));
    if (isUp || !(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT')) throw thrown;
    await makeFolder(dirname(path));
    await makeFolder(path);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
