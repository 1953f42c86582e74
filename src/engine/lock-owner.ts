/** The owner of a lock, as recorded next to it, and how long it may be silent before it counts as dead. */
import { lockStaleMs } from '../world/files.js';
import { type ProcessId, processIn, processText } from '../world/processes.js';
import type { World } from '../world/world.js';

export interface LockOwner {
  /** `you@host (pid 7)` */
  readonly who: string;
  /** Silence after which its lock may be taken, in ms. */
  readonly staleMs: number;
  /** What becomes of the lock when the holder has died; for people. */
  readonly afterDeath: string;
}

/** A lock may be a moment older than the note of its holder, which then still names the one before; in ms. */
const noteMs = 5_000;

/** Between machines that share a folder: the times there come from clocks that may differ; in ms. */
const otherMachineMs = 120_000;

export function ownerFile(path: string): string {
  return `${path}.owner`;
}

/** The note of this run: who it is, for people, and on a second line its process. */
export async function ownerText({ environment, processes }: World): Promise<string> {
  return `${environment.owner}\n${processText(await processes.own())}\n`;
}

/** Whoever the note names; where there is none, or an old one without a process, the lock's own time decides. */
export async function lockOwner(world: World, path: string): Promise<LockOwner> {
  const text = (await world.files.read(ownerFile(path)).catch(() => undefined)) ?? '';
  const [who = '', line = ''] = text.split('\n');
  return { who: who || 'somebody', ...(await staleness(world, processIn(line))) };
}

async function staleness({ processes }: World, process: ProcessId | undefined): Promise<Omit<LockOwner, 'who'>> {
  const usual = { staleMs: lockStaleMs, afterDeath: 'if it has died, its lock is taken over in half a minute' };
  if (process === undefined) return usual;
  switch (await processes.stateOf(process)) {
    case 'ended':
      return { staleMs: noteMs, afterDeath: 'it has died, and its lock is taken over in a moment' };
    case 'running':
      return { staleMs: Number.POSITIVE_INFINITY, afterDeath: 'its process is running on this machine' };
    case 'unknown': {
      const isHere = process.machine === (await processes.own()).machine;
      const afterDeath = 'it runs on another machine; if it has died, its lock is taken over in two minutes';
      return isHere ? usual : { staleMs: otherMachineMs, afterDeath };
    }
  }
}
