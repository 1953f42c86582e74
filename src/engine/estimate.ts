/** When each step of a pipeline starts and ends if each takes its expected duration. */

import { criticalPath } from './critical-path.js';
import { type PipelineStep, predecessors } from './pipeline.js';
import { hasRoom } from './scheduler.js';

/** One step in time, counted from the start of the run, in ms. */
export interface Estimated {
  readonly id: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Whether the end waits for it: the run gets longer when it does. */
  readonly longest: boolean;
}

/** A step as far as time is concerned. */
export type TimedNode = Pick<PipelineStep, 'id' | 'needs' | 'after' | 'group' | 'expectedMs'>;

interface Slot {
  readonly node: TimedNode;
  readonly startMs: number;
  readonly endMs: number;
}

/** The steps in their order, each starting as soon as all that it comes after have ended and its group has room. */
export function estimateRun(steps: readonly TimedNode[], perGroup: number): readonly Estimated[] {
  const slots = slotsOf(steps, perGroup);
  const timed = [...slots.values()].map(({ node, startMs, endMs }) => {
    return { id: node.id, from: startMs, to: endMs, needs: predecessors(node), group: node.group };
  });
  const path = criticalPath(timed);
  return steps.flatMap(({ id }) => {
    const slot = slots.get(id);
    return slot === undefined ? [] : { id, startMs: slot.startMs, endMs: slot.endMs, longest: path.has(id) };
  });
}

/** Goes from each end of a step to the next, and starts what may start then. */
function slotsOf(ordered: readonly TimedNode[], perGroup: number): ReadonlyMap<string, Slot> {
  const slots = new Map<string, Slot>();
  const waiting = new Set(ordered);
  const running = new Map<TimedNode, number>();
  for (let now = 0; waiting.size > 0; now = Math.min(...running.values())) {
    for (const [node, endMs] of running) if (endMs <= now) running.delete(node);
    // Each comes after all that it needs, so what takes no time lets others start in the same round.
    for (const node of waiting) {
      const free = predecessors(node).every((id) => (slots.get(id)?.endMs ?? Number.POSITIVE_INFINITY) <= now);
      if (!free || !hasRoom(node, running.keys(), perGroup)) continue;
      const endMs = now + node.expectedMs;
      waiting.delete(node);
      slots.set(node.id, { node, startMs: now, endMs });
      if (endMs > now) running.set(node, endMs);
    }
  }
  return slots;
}
