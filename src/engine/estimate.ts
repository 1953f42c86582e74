/** When each step of a pipeline starts and ends, when each takes as long as expected. */

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
  const chain = lastChain(slots);
  return steps.flatMap(({ id }) => {
    const slot = slots.get(id);
    return slot === undefined ? [] : { id, startMs: slot.startMs, endMs: slot.endMs, longest: chain.has(id) };
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

/** Back from the step that ends last, each time to one whose end let it start: what it comes after, else its group. */
function lastChain(slots: ReadonlyMap<string, Slot>): ReadonlySet<string> {
  const chain = new Set<string>();
  const all = [...slots.values()];
  let slot = all.reduce<Slot | undefined>((last, each) => (each.endMs > (last?.endMs ?? 0) ? each : last), undefined);
  while (slot !== undefined) {
    const { node, startMs }: Slot = slot;
    chain.add(node.id);
    const before = predecessors(node).flatMap((id) => slots.get(id) ?? []);
    const beside = all.filter((each) => node.group !== undefined && each.node.group === node.group);
    slot = [...before, ...beside].find((each) => startMs > 0 && each.endMs === startMs && !chain.has(each.node.id));
  }
  return chain;
}
