/** How a member leaves a fleet. */
import type { Member } from '../../fleet/fleet.js';

/** How a member leaves. */
export interface RemovalMode {
  /** `orderly`: with the member's help; `forced`: it does not answer; `alone`: no Karmada answers that could let it go. */
  readonly how: 'orderly' | 'forced' | 'alone';
  /** Whether what Karmada put into the member is cleared: not where it does not answer, or is deleted. */
  readonly clearsMember: boolean;
  /** Whether what Karmada keeps of the member is cleared: not in a Karmada that goes itself. */
  readonly clearsKarmada: boolean;
  /** What becomes of what was propagated: it `stays`, is `deleted` by Karmada as it lets go, or goes with the cluster and not before: `gone`. */
  readonly propagated: 'stays' | 'deleted' | 'gone';
  /** Why the cluster does not answer this machine; undefined: it does. */
  readonly silence: string | undefined;
}

/** One member that leaves. */
export interface PlannedRemoval {
  readonly member: Member;
  readonly leave: RemovalMode;
}
