/** A finished run: when each step ran, which ones determined its end, which were slow. */
import { criticalPath } from '../../engine/critical-path.js';
import type { EndedStep } from '../progress.js';
import type { Bar } from '../ui.js';

/** A step is slow when it exceeds the expected duration by both this factor and this many ms. */
const slow = { factor: 1.5, atLeastMs: 30_000 } as const;

/** The bars of the steps that changed something or failed, in starting order. */
export function asItWas(ended: readonly EndedStep[], started: number): readonly Bar[] {
  const path = criticalPath(ended.map(({ info, from, to }) => ({ id: info.id, from, to, needs: info.after })));
  return ended
    .filter(({ outcome }) => outcome !== 'ready')
    .sort((a, b) => a.from - b.from)
    .map(({ info, from, to, outcome }) => ({
      label: info.id,
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
