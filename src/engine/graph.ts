/** The order of steps: checks that a pipeline is a graph without cycles, and finds its longest chain. */
import { Problem } from '../errors/problem.js';

/** What the graph needs to know of a step. */
export interface GraphNode {
  readonly id: string;
  readonly after: readonly string[];
  readonly waitsFor?: readonly string[];
  /** In ms. */
  readonly expectedMs: number;
}

/** Ids of all steps whose end a step waits for, whether they have to end well or not. */
export function comesAfter({ after, waitsFor = [] }: Pick<GraphNode, 'after' | 'waitsFor'>): readonly string[] {
  return [...after, ...waitsFor];
}

/**
 * The steps in an order in which each comes after what it needs; the given order is kept where it can be.
 * @throws Problem `internal` for a doubled id, an unknown id in `after` or `waitsFor`, or a cycle (named).
 */
export function inOrder<N extends GraphNode>(steps: readonly N[]): readonly N[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  if (byId.size !== steps.length) throw broken('two steps have the same id');
  const ordered: N[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (step: N, path: readonly string[]): void => {
    if (state.get(step.id) === 'done') return;
    if (state.get(step.id) === 'open') throw broken(`steps wait for each other: ${[...path, step.id].join(' → ')}`);
    state.set(step.id, 'open');
    for (const id of comesAfter(step)) {
      const needed = byId.get(id);
      if (needed === undefined) throw broken(`step ${step.id} comes after ${id}, which does not exist`);
      visit(needed, [...path, step.id]);
    }
    state.set(step.id, 'done');
    ordered.push(step);
  };
  for (const step of steps) visit(step, []);
  return ordered;
}

/** The chain of steps that takes longest, first to last, and its length in ms: no run can be shorter. */
export function criticalPath<N extends GraphNode>(steps: readonly N[]): { steps: readonly N[]; ms: number } {
  const best = new Map<string, { steps: readonly N[]; ms: number }>();
  let longest: { steps: readonly N[]; ms: number } = { steps: [], ms: 0 };
  for (const step of inOrder(steps)) {
    let before: { steps: readonly N[]; ms: number } = { steps: [], ms: 0 };
    for (const id of comesAfter(step)) {
      const chain = best.get(id);
      if (chain !== undefined && chain.ms > before.ms) before = chain;
    }
    const chain = { steps: [...before.steps, step], ms: before.ms + step.expectedMs };
    best.set(step.id, chain);
    if (chain.ms > longest.ms) longest = chain;
  }
  return longest;
}

function broken(what: string): Problem {
  return new Problem('internal', { what });
}
