/** Gives a file a name that nothing has: `rename` would replace what was created meanwhile. */
import { link, open, rename, rm } from 'node:fs/promises';
import { unless } from '../unless.js';

/** See `Files.moveIfFree`. */
export async function moveIfFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
    if (code === 'EEXIST') return false;
    if (typeof code !== 'string' || !linkless.includes(code)) throw thrown;
    return await claim(from, to);
  }
  await rm(from);
  return true;
}

/** What a file system without hard links answers, e.g. exFAT or a share (`link(2)`). */
const linkless: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/** The name is taken first, by an empty file that is then replaced. */
async function claim(from: string, to: string): Promise<boolean> {
  const claimed = await unless('EEXIST', undefined, open(to, 'wx', 0o600));
  if (claimed === undefined) return false;
  await claimed.close();
  await rename(from, to);
  return true;
}
