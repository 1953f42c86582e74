/** One run a fleet at a time. */
import { Problem } from '../errors/problem.js';
import type { Files } from '../world/files.js';

/** @throws Problem `fleet-locked` when another run holds the lock; one that died is taken over after half a minute. */
export async function withLock<T>(files: Files, path: string, owner: string, use: () => Promise<T>): Promise<T> {
  const release = await files.lock(path);
  if (release === undefined) throw taken(path, await files.read(`${path}.owner`));
  try {
    await files.write(`${path}.owner`, owner);
    return await use();
  } finally {
    await files.remove(`${path}.owner`);
    await release();
  }
}

function taken(path: string, owner: string | undefined): Problem {
  return new Problem('fleet-locked', {
    what: 'another run works on this fleet',
    why: `${owner ?? 'somebody'} holds ${path}`,
    next: ['wait for its end', 'if it has died, try again in half a minute: its lock is taken over'],
  });
}
