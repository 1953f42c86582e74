/** Bounds how many members of one region are worked on at once: AWS counts calls and clusters by region. */

import type { Step } from '../engine/step.js';
import { type Fleet, withFormer } from '../fleet/fleet.js';

/** The pool of members of which no region is known. */
const elsewhere = 'elsewhere';

/** The steps, those of members each in the pool of its region; the parent and what is the fleet's never wait for room. */
export function inRegionalPools(fleet: Fleet, steps: readonly Step[]): readonly Step[] {
  const pools = new Map(
    withFormer(fleet).members.map((member) => [member.name, member.kind === 'eks' ? member.region : elsewhere]),
  );
  return steps.map((step) => {
    const pool = pools.get(step.lane);
    return pool === undefined ? step : { ...step, pool };
  });
}
