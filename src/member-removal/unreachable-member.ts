/** What it means if a member to be removed does not respond to this machine, or to Karmada. */

import { Problem } from '../errors/problem.js';
import { describeMember, type Member } from '../fleet/fleet.js';
import { fleetCommand, type NamedFleet } from '../fleet/fleet-command.js';
import type { MemberRemoval } from './removals.js';

/** The Problem for a member whose cluster would keep what Karmada put into it. */
export function unreachableMember(fleet: NamedFleet, leaving: MemberRemoval): Problem {
  const { member, silence, trouble, refusal } = leaving;
  const { name } = member;
  const anyway = `or remove it anyway: ${fleetCommand(`unjoin ${name} --force`, fleet)}; it keeps ${leftInside(leaving)}`;
  if (refusal !== undefined)
    return new Problem('role-refused', {
      what: `the account of member ${name} (${describeMember(member)}) cannot be asked; nothing was changed`,
      why: [refusal.message, ...(refusal.why === undefined ? [] : [refusal.why])].join(': '),
      next: [...refusal.next, 'then run the same command again', anyway],
      cause: refusal,
    });
  const why = silence ?? trouble;
  const who = silence === undefined ? 'Karmada' : 'this machine';
  return new Problem('member-silent', {
    what: `member ${name} (${describeMember(member)}) does not respond to ${who}; nothing was changed`,
    ...(why === undefined ? {} : { why }),
    next: [`${advice(member, silence)}, then run the same command again`, anyway],
  });
}

function advice(member: Member, silence: string | undefined): string {
  if (silence === undefined)
    return 'check that Karmada’s pods can reach its API (push), or that its agent can reach Karmada (pull)';
  return member.kind === 'context'
    ? 'check that its cluster is up, or set KUBECONFIG to the file that contains its context'
    : 'check that its cluster is up and reachable from here';
}

/** The Problem for a member in which workloads are to be kept, but which only Karmada reaches. */
export function cannotKeep({ member, silence, refusal }: MemberRemoval): Problem {
  return new Problem(refusal === undefined ? 'member-silent' : 'role-refused', {
    what: `workloads in ${member.name} (${describeMember(member)}) cannot be kept; nothing was changed`,
    why: `it does not respond to this machine (${silence}), but Karmada reaches it and would delete them`,
    next: [
      ...(refusal === undefined
        ? [`${advice(member, silence)}, then run the same command again`]
        : [...refusal.next, 'then run the same command again']),
      'or omit --keep-workloads; what would be deleted is shown first',
    ],
  });
}

/** One sentence on what a member keeps that is removed by force. */
export function remainsNote(leaving: MemberRemoval): string {
  const { member, silence, trouble } = leaving;
  const who = silence === undefined ? 'Karmada' : 'this machine';
  return `${member.name} does not respond to ${who} (${silence ?? trouble}): it keeps ${leftInside(leaving)}`;
}

/** What Karmada put into a member (karmada 1.18.2, join.go and register.go); all but workloads is cleared by this machine. */
function leftInside({ member: { mode }, silence, trouble }: MemberRemoval): string {
  if (silence === undefined) return 'what was propagated';
  const namespaces =
    mode === 'push' ? 'namespace karmada-cluster' : 'namespaces karmada-system (with the agent) and karmada-cluster';
  const unless = trouble === undefined ? ', unless Karmada still reaches it and removes that' : '';
  return `${namespaces}, with Karmada’s cluster roles and what was propagated${unless}`;
}
