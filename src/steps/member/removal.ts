/** The removal of a member from a fleet. */
import type { FleetAccess } from '../../access/fleet-access.js';
import type { Member } from '../../fleet/fleet.js';
import type { MemberRemoval } from '../../member-removal/removals.js';

/** How a member leaves. */
export interface RemovalMode {
  /**
   * `orderly`: with the member's help; `forced`: it does not respond; `alone`: no Karmada answers that could let it go.
   */
  readonly how: 'orderly' | 'forced' | 'alone';
  /** Whether what Karmada put into the member is cleared: not where it does not respond, or is deleted. */
  readonly clearsMember: boolean;
  /** Whether what Karmada keeps of the member is cleared: not in a Karmada that is deleted itself. */
  readonly clearsKarmada: boolean;
  /** What becomes of what was propagated: it `stays`, is `deleted` by Karmada as it lets go, or goes with the cluster and not before: `gone`. */
  readonly propagated: 'stays' | 'deleted' | 'gone';
  /** Why the cluster does not respond to this machine; undefined: it does. */
  readonly silence: string | undefined;
}

/** One member that leaves. */
export interface PlannedRemoval {
  readonly member: Member;
  readonly leave: RemovalMode;
}

/** The members that leave, and how; what was propagated to those that stay is kept or goes. */
export function finalRemovals(
  reach: FleetAccess,
  leaving: readonly MemberRemoval[],
  keeps: boolean,
): readonly PlannedRemoval[] {
  return leaving.flatMap((each) => {
    const leave = lastLeave(each, reach, keeps);
    return leave === undefined ? [] : [{ member: each.member, leave }];
  });
}

/**
 * A cluster that is kept is cleared of Karmada even when Karmada does not reach it, or is not there any more. Nothing
 * is done for one that is deleted, unless Karmada can take back what it propagated.
 */
function lastLeave(
  { silence, trouble, isAdopted }: MemberRemoval,
  { karmada }: FleetAccess,
  keeps: boolean,
): RemovalMode | undefined {
  const isReached = karmada !== undefined && trouble === undefined;
  if (silence !== undefined || !(isReached || isAdopted)) return undefined;
  const propagated = !isAdopted ? 'gone' : keeps || !isReached ? 'stays' : 'deleted';
  return { how: isReached ? 'orderly' : 'alone', clearsMember: isAdopted, clearsKarmada: false, propagated, silence };
}
