/** One run a fleet at a time. */
import { Problem } from '../errors/problem.js';
import type { World } from '../world/world.js';
import { poll } from './poll.js';

/** The lock of a run that died is taken over after 30 s without a heartbeat; a living one is not waited for longer. */
const patience = { everyMs: 2_000, limitMs: 36_000 } as const;

/** Who wants the lock, and how to tell that it is waited for. */
export interface LockWish {
  readonly path: string;
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
  /** What is locked; a fleet when not given. */
  readonly subject?: string;
}

/** @throws Problem `fleet-locked` when another run holds the lock and lives. */
export async function withLock<T>(world: World, wish: LockWish, use: () => Promise<T>): Promise<T> {
  const { files, environment } = world;
  const release = await taken(world, wish);
  try {
    await files.write(ownerFile(wish), environment.owner);
    return await use();
  } finally {
    // A note that stays harms nobody, and must neither keep the lock nor hide what went wrong before.
    await files.remove(ownerFile(wish)).catch(() => undefined);
    await release();
  }
}

async function taken({ files, clock }: World, wish: LockWish): Promise<() => Promise<void>> {
  const first = await files.lock(wish.path);
  if (first !== undefined) return first;
  const owner = (await files.read(ownerFile(wish))) ?? 'somebody';
  const subject = wish.subject ?? 'this fleet';
  wish.note(`${owner} works on ${subject}; if it has died, its lock is taken over in half a minute`);
  return await poll(() => files.lock(wish.path), {
    ...patience,
    clock,
    signal: wish.signal,
    onTimeout: () =>
      new Problem('fleet-locked', {
        what: `another run works on ${subject}`,
        why: `${owner} holds ${wish.path}`,
        next: ['wait for its end, then run the same command again'],
      }),
  });
}

function ownerFile({ path }: LockWish): string {
  return `${path}.owner`;
}
