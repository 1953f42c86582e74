/** Why a member that is being removed is still in Karmada, or what Karmada put into it still there, as both know it. */
import { memberOf, readiness } from '../../access/member-list.js';
import type { CallContext } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import type { Member } from '../../fleet/fleet.js';
import { namespaceBlockers } from '../../status/blocked-namespace.js';
import { heldDeletions } from '../../status/held-deletions.js';
import { accessOf, type FleetContext, karmadaAccess } from '../context.js';
import { usedNamespaces } from './member-namespaces.js';
import type { RemovalMode } from './removal.js';

/** Karmada's own, on each Cluster (karmada 1.18.2, pkg/util/constants.go); it goes with the Works, which are told. */
const ownFinalizer = 'karmada.io/cluster-controller';

/** First causes first, for a sentence; undefined while nothing is known. */
export async function whyNotGone(
  context: FleetContext,
  member: Member,
  leave: RemovalMode,
  call: CallContext,
): Promise<string | undefined> {
  const told = [
    ...(leave.how === 'alone' ? [] : await inKarmada(context, member, call)),
    ...(leave.clearsMember ? await inMember(context, member, call) : []),
  ];
  return told.length === 0 ? undefined : told.slice(0, 3).join('; ');
}

/** A member that Karmada does not reach is not emptied, and its Works stay. */
async function inKarmada(
  { clients, paths }: FleetContext,
  member: Member,
  call: CallContext,
): Promise<readonly string[]> {
  const access = karmadaAccess(paths);
  const found = await memberOf(clients, access, member.name, call).catch((thrown: unknown) => {
    if (thrown instanceof Problem && thrown.code !== 'interrupted') return undefined;
    throw thrown;
  });
  const { ready, why } = found === undefined ? { ready: true, why: undefined } : readiness(found);
  const holders = (found?.metadata.finalizers ?? []).filter((each) => each !== ownFinalizer);
  const works = await namespaceBlockers(clients, access, `karmada-es-${member.name}`, call);
  return [
    ...(holders.length === 0 ? [] : [`Cluster ${member.name} in Karmada: held by finalizer ${holders.join(', ')}`]),
    ...(ready ? [] : [`${member.name} is not Ready in Karmada (${why})`]),
    ...(works === undefined ? [] : [`in Karmada’s namespace karmada-es-${member.name}: ${works}`]),
  ];
}

async function inMember(
  { clients, paths }: FleetContext,
  member: Member,
  call: CallContext,
): Promise<readonly string[]> {
  const access = accessOf(paths, member.name);
  const reasons = usedNamespaces(member).map(async ({ name }) => {
    const held = await heldDeletions(clients, access, name, call);
    const why = held ?? (await namespaceBlockers(clients, access, name, call));
    return why === undefined ? [] : [`in namespace ${name} of ${member.name}: ${why}`];
  });
  return (await Promise.all(reasons)).flat();
}
