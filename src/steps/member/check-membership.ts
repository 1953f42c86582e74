/**
 * The check before a cluster becomes a member: what is known of it, and whether it belongs to another control plane.
 */
import { membersOf } from '../../access/member-list.js';
import type { CallContext, StepState } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { describeMember, type Member } from '../../fleet/fleet.js';
import { anyObject } from '../../tools/kubectl/objects.js';
import { accessOf, type FleetContext, karmadaAccess } from '../context.js';
import { credentialsNamespace, foreignNamespace } from './member-namespaces.js';
import { checkMember } from './member-readiness.js';

/** Karmada itself does not notice: two control planes would fight over one member (observed with 1.18.2). */
export async function checkMembership(context: FleetContext, member: Member, call: CallContext): Promise<StepState> {
  const found = await checkMember(context, member, call);
  if (found.state !== 'absent') return found;
  const foreign = await foreignNamespace(context, member, call);
  if (foreign === undefined) return found;
  const { name, isOurs } = await admittedAs(context, member, call);
  if (name === undefined) return { state: 'blocked', problem: foreign };
  return { state: 'blocked', problem: isOurs ? otherName(member, name) : otherControlPlane(member, name) };
}

/** The name under which a cluster is a member already, of this Karmada or, by what is in it, of another one. */
async function admittedAs(
  context: FleetContext,
  member: Member,
  call: CallContext,
): Promise<{ readonly name: string | undefined; readonly isOurs: boolean }> {
  const { kubectl } = context.clients;
  const access = accessOf(context.paths, member.name);
  const identity = await kubectl.get(access, { kind: 'namespaces', name: 'kube-system' }, anyObject, call);
  const known = await membersOf(context.clients, karmadaAccess(context.paths), call);
  const ours = known.find(({ spec }) => spec.id !== undefined && spec.id === identity?.metadata.uid);
  if (ours !== undefined) return { name: ours.metadata.name, isOurs: true };
  // `karmada-<member>`, and one that all control planes share (observed with 1.18.2).
  const ref = { kind: 'serviceaccounts', namespace: credentialsNamespace };
  const accounts = await kubectl.list(access, ref, anyObject, call);
  const names = accounts.map(({ metadata }) => /^karmada-(?!impersonator$)(.+)$/.exec(metadata.name)?.[1]);
  return { name: names.find((name) => name !== undefined), isOurs: false };
}

function otherControlPlane(member: Member, name: string): Problem {
  return new Problem('member-foreign', {
    what: `${describeMember(member)} already belongs to another Karmada control plane`,
    why: `it is member ${name} there, and two control planes would conflict`,
    next: [
      `remove it there first: kubectl karmada unjoin ${name} (push) or unregister ${name} (pull)`,
      `if that control plane is gone, delete what it left: kubectl delete namespace ${credentialsNamespace}`,
    ],
  });
}

function otherName(member: Member, name: string): Problem {
  return new Problem('member-foreign', {
    what: `${describeMember(member)} is already a member of this Karmada, named ${name}`,
    next: [
      `join it under that name: --name ${name}`,
      `or remove it first: kubectl karmada unjoin ${name} (push) or unregister ${name} (pull)`,
    ],
  });
}
