/** How much longer a run takes: the longest chain of what is left of it. */
import { estimateRun } from './estimate.js';
import type { StepInfo } from './events.js';

/** Where a run is. */
export interface RunState {
  readonly steps: readonly StepInfo[];
  readonly perGroup: number;
  /** Ids of the steps that are over. */
  readonly over: ReadonlySet<string>;
  /** When each running step began, by id. */
  readonly since: ReadonlyMap<string, number>;
}

/** A step is late when it exceeds the expected duration by so many ms. */
const graceMs = 30_000;

/**
 * In ms, if what has not begun takes as long as expected; all times in ms on the clock of `now`. A step that has taken longer
 * than expected may end at any moment: then the answer is a lower bound, and `late`.
 */
export function timeLeft(
  { steps, perGroup, over, since }: RunState,
  now: number,
): { readonly ms: number; readonly late: boolean } {
  const left = steps.filter(({ id }) => !over.has(id));
  const spent = (id: string): number => now - (since.get(id) ?? now);
  const nodes = left.map(({ id, after, group, expectedMs }) => ({
    id,
    needs: after.filter((each) => !over.has(each)),
    after: [],
    ...(group === undefined ? {} : { group }),
    // One that takes no time would not be on the critical path.
    expectedMs: Math.max(1, expectedMs - spent(id)),
  }));
  const ends = estimateRun(nodes, perGroup);
  const onPath = new Set(ends.filter(({ longest }) => longest).map(({ id }) => id));
  return {
    ms: Math.max(0, ...ends.map(({ endMs }) => endMs)),
    late: left.some(({ id, expectedMs }) => onPath.has(id) && since.has(id) && spent(id) > expectedMs + graceMs),
  };
}
