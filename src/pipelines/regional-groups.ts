/** Bounds how many members of one region are worked on at once: AWS counts calls and clusters by region. */

import type { Step } from '../engine/step.js';
import { type Fleet, withFormer } from '../fleet/fleet.js';

/** The group of the members of which no region is known. */
const elsewhere = 'elsewhere';

/** The steps, those of members each in the group of its region; the parent and what is the fleet's never wait for room. */
export function inRegionalGroups(fleet: Fleet, steps: readonly Step[]): readonly Step[] {
  const groups = new Map(
    withFormer(fleet).members.map((member) => [member.name, member.kind === 'eks' ? member.region : elsewhere]),
  );
  return steps.map((step) => {
    const group = groups.get(step.scope);
    return group === undefined ? step : { ...step, group };
  });
}
