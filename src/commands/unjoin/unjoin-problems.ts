/** Reasons why members cannot be removed as requested. */
import { Problem } from '../../errors/problem.js';
import { describeMember, type Fleet, type Member } from '../../fleet/fleet.js';

/** The Problem for a cluster that this fleet may not delete. */
export function notMade({ name }: Fleet, member: Member): Problem {
  return new Problem('cluster-not-ours', {
    what: `${describeMember(member)} was not created as a member of fleet ${name} and is never deleted`,
    next: [`remove ${member.name} and keep its cluster: run the same command without --delete-cluster`],
  });
}

/** The Problem for names of which neither the fleet's description nor Karmada knows. */
export function unknownMembers(unknown: readonly string[], known: readonly string[]): Problem {
  return new Problem('invalid-value', {
    what: `no member of the fleet is named ${unknown.join(' or ')}`,
    next: [known.length === 0 ? 'it has no members' : `the members are ${known.join(', ')}`],
  });
}
