/** Starts steps as soon as they may start, in the order of the pipeline, within the limit of each group. */
import { Problem } from '../errors/problem.js';

interface Driven {
  readonly group?: string;
}

export interface SchedulerOptions<S extends Driven> {
  /** How many steps of one group run at once; from 1. */
  readonly perGroup: number;
  /** Asked anew for every step that waits whenever another one has ended. */
  readonly mayStart: (step: S) => boolean;
  /** Must not reject. */
  readonly run: (step: S) => Promise<void>;
}

/** Ends when nothing runs and nothing may start any more; steps that never could are left out. */
export async function runScheduler<S extends Driven>(steps: readonly S[], how: SchedulerOptions<S>): Promise<void> {
  const waiting = new Set(steps);
  const running = new Map<S, Promise<S>>();
  for (;;) {
    for (const step of waiting) {
      if (!hasRoom(step, running.keys(), how.perGroup) || !how.mayStart(step)) continue;
      waiting.delete(step);
      running.set(
        step,
        how.run(step).then(() => step),
      );
    }
    if (running.size === 0) return;
    running.delete(await Promise.race(running.values()));
  }
}

/** @throws Problem `internal` for a bound below 1, with which a group would wait forever */
export function hasRoom({ group }: Driven, running: Iterable<Driven>, perGroup: number): boolean {
  if (!(perGroup >= 1)) throw new Problem('internal', { what: `${perGroup} steps of a group at once` });
  if (group === undefined) return true;
  let beside = 0;
  for (const other of running) if (other.group === group) beside += 1;
  return beside < perGroup;
}
