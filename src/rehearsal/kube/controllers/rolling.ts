/** Which pods of a Deployment go, and how many come: what its strategy allows (kubernetes, pkg/controller/deployment/rolling.go). */

import { at } from '../../json.js';

/** A pod as far as a rollout is concerned. */
interface Counted {
  readonly newest: boolean;
  readonly ready: boolean;
}

/** Old pods that are not ready go first; ready ones only as far as enough others are. */
export function deploymentMoves<T extends Counted>(
  pods: readonly T[],
  wanted: number,
  strategy: unknown,
): { readonly going: readonly T[]; readonly coming: number } {
  const { surge, unavailable } = limitsOf(wanted, strategy);
  const newest = pods.filter((each) => each.newest);
  const old = pods.filter((each) => !each.newest);
  const least = wanted - unavailable;
  const tooMany = newest.slice(wanted);
  const removable = Math.max(0, pods.length - least - newest.filter(({ ready }) => !ready).length);
  const idle = old.filter(({ ready }) => !ready).slice(0, removable);
  const spare = Math.max(0, pods.filter(({ ready }) => ready).length - least);
  const working = old.filter(({ ready }) => ready).slice(0, Math.min(spare, removable - idle.length));
  const going = [...tooMany, ...idle, ...working];
  const left = pods.length - going.length;
  const coming = Math.max(0, Math.min(wanted - newest.length, wanted + surge - left));
  return { going, coming };
}

/** Shares are rounded up for what comes and down for what goes; with nothing of either, one goes (kubernetes, ResolveFenceposts). */
function limitsOf(wanted: number, strategy: unknown): { readonly surge: number; readonly unavailable: number } {
  const surge = countOf(at(strategy, 'rollingUpdate', 'maxSurge'), wanted, Math.ceil);
  const unavailable = countOf(at(strategy, 'rollingUpdate', 'maxUnavailable'), wanted, Math.floor);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

function countOf(value: unknown, wanted: number, round: (count: number) => number): number {
  if (typeof value === 'number') return value;
  const [, percent] = /^(\d+)%$/.exec(String(value ?? '25%')) ?? [];
  return round((Number(percent) * wanted) / 100);
}
