/** When each step of a pipeline starts and ends, when each takes as long as expected. */
import { type GraphNode, inOrder, longestChain } from './graph.js';

/** One step in time, counted from the start of the run, in ms. */
export interface Scheduled {
  readonly id: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Whether it is in the longest chain: the run gets longer when it does. */
  readonly longest: boolean;
}

/** The steps in their order, each starting as soon as all that it comes after have ended. */
export function schedule(steps: readonly GraphNode[]): readonly Scheduled[] {
  const chain = new Set(longestChain(steps).steps.map(({ id }) => id));
  const ends = new Map<string, number>();
  return inOrder(steps).map(({ id, after, expectedMs }) => {
    const startMs = Math.max(0, ...after.map((each) => ends.get(each) ?? 0));
    const endMs = startMs + expectedMs;
    ends.set(id, endMs);
    return { id, startMs, endMs, longest: chain.has(id) };
  });
}
