/**
 * Which contexts of the user's kubeconfig a run may use: those named by the user, and those in this machine's record.
 * Any other context in a parent's description is somebody else's choice of this user's credentials.
 */

import { Problem } from '../errors/problem.js';
import type { Fleet, Member } from '../fleet/fleet.js';
import { fleetCommand } from '../fleet/fleet-command.js';
import type { FleetRequest } from '../fleet/schema.js';
import type { Clients } from './clients.js';

/** The members known by a context that has not been agreed to on this machine. */
export function unagreed({ agreed }: Pick<Clients, 'agreed'>, members: readonly Member[]): readonly ContextMember[] {
  return members.flatMap((member) => (member.kind === 'context' && !agreed.has(member.context) ? [member] : []));
}

type ContextMember = Extract<Member, { kind: 'context' }>;

/** The contexts that a request names, of its former members too. */
export function contextsIn({ members, former = [] }: FleetRequest): readonly string[] {
  return [...(Array.isArray(members) ? members : []), ...former].flatMap(({ context }) => context ?? []);
}

/** The Problem where such a context would be used. */
export function notAgreed(fleet: Fleet, { name: member, context }: ContextMember): Problem {
  return new Problem('context-not-agreed', {
    what: `member ${member} is context ${context} of your kubeconfig, which has not been agreed to on this machine`,
    why: `only the description of fleet ${fleet.name} in ${fleet.parent.cluster} names it, and that cannot choose your credentials`,
    next: [
      `check where it points: kubectl config view --minify --context '${context}'`,
      `to use it: --trust-context '${context}'`,
      `or remove the member without inspecting it: ${fleetCommand(`unjoin ${member} --force`, fleet)}`,
    ],
  });
}
