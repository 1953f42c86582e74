/** A run against its own steps: their critical path, which no run can beat, and all of them one after another. */
import { estimateRun } from '../../dist/engine/estimate.js';

/**
 * Both are of the time that each step really took, not of what was expected of it.
 * @param {readonly { type: string }[]} events those of the run
 * @returns {{ up: number, chain: number, sum: number }} in ms
 */
export function againstSteps(events) {
  const took = new Map(events.filter(({ type }) => type === 'step-done').map(({ id, ms }) => [id, ms]));
  const { steps } = events.find(({ type }) => type === 'run-started');
  const { report } = events.find(({ type }) => type === 'run-finished');
  const timed = steps.map((step) => ({ ...step, expectedMs: took.get(step.id) ?? 0 }));
  // Who waits for a step that is under way has nothing to wait for when one comes after another.
  const working = timed.filter(({ id }) => !id.startsWith('control-plane/'));
  const sum = working.reduce((total, { expectedMs }) => total + expectedMs, 0);
  // What a step needs and what it comes after are one list in events.
  const alone = estimateRun(
    timed.map((step) => ({ ...step, needs: step.after, after: [] })),
    Number.POSITIVE_INFINITY,
  );
  return { up: report.ms, chain: Math.max(...alone.map(({ endMs }) => endMs)), sum };
}
