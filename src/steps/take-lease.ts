/** Takes the fleet's lease: no other machine changes the fleet until this run ends. */

import type { Step } from '../engine/step.js';
import { leaseName } from '../lease/fleet-lease.js';
import type { LeaseHolder } from '../lease/hold-lease.js';
import { type FleetContext, parentAccess, seconds } from './context.js';

/** The lease of one run. */
export type Lease = Pick<LeaseHolder, 'isHeld' | 'take'>;

/** Ready from the beginning where a parent stands: the lease is taken then before the first step. */
export function takeLease(context: Pick<FleetContext, 'fleet' | 'paths'>, lease: Lease): Step {
  return {
    id: 'take-lease',
    title: 'lock the fleet against changes from other machines',
    scope: 'parent',
    perRun: true,
    expectedMs: seconds(2),
    preview: () => ({ changes: [`${leaseName}, until this run ends`], commands: [] }),
    check: async () => ({ state: lease.isHeld ? 'ready' : 'absent' }),
    apply: async (call) => await lease.take(parentAccess(context), call),
  };
}
