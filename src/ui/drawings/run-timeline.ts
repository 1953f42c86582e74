/** A finished run: when each step ran, which ones determined its end, which were slow. */
import { criticalPath } from '../../engine/critical-path.js';
import type { EndedStep } from '../progress.js';
import type { Bar } from '../ui.js';

/** A step is slow when it exceeds the expected duration by both this factor and this many ms. */
const slow = { factor: 1.5, atLeastMs: 30_000 } as const;

/** Steps that took a smaller part of the run are too short to be seen in a drawing of it. */
const visible = 1 / 100;

/** The bars of the steps that changed something or failed, in starting order; without those that are too short to be seen. */
export function asItWas(ended: readonly EndedStep[], started: number): readonly Bar[] {
  const total = Math.max(0, ...ended.map(({ to }) => to - started));
  const isSeen = ({ from, to, outcome }: EndedStep): boolean => outcome === 'failed' || to - from >= total * visible;
  const path = criticalPath(ended.map(({ info, from, to }) => ({ id: info.id, from, to, needs: info.after })));
  return ended
    .filter((step) => step.outcome !== 'ready' && isSeen(step))
    .sort((a, b) => a.from - b.from)
    .map(({ info, from, to, outcome }) => ({
      label: info.title,
      startMs: from - started,
      endMs: to - started,
      longest: path.has(info.id),
      ...(outcome === 'failed' ? { failed: true } : {}),
    }));
}

/** The steps that succeeded but took much longer than expected. */
export function slowerThanExpected(ended: readonly EndedStep[]): readonly EndedStep[] {
  return ended.filter(({ info, from, to, outcome }) => {
    const more = to - from - info.expectedMs;
    return outcome === 'done' && more > slow.atLeastMs && to - from > info.expectedMs * slow.factor;
  });
}
