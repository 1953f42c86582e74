/**
 * What Karmada would move at once when its controller manager restarts with failover on: a push member that does not respond is Ready
 * until its wait is over, but a manager that has just started knows nothing of that wait and believes its first probe (karmada 1.18.2,
 * pkg/controllers/status/cluster_condition_cache.go, `thresholdAdjustedReadyCondition`). The wait of a pull member begins anew.
 */
import { bindingsOf } from '../../access/grants/bindings.js';
import { membersOf, readiness } from '../../access/member-list.js';
import { silencedSince } from '../../access/silenced.js';
import type { Destruction } from '../../engine/destruction.js';
import type { CallContext } from '../../engine/step.js';
import { readFailover } from '../../status/failover-state.js';
import { movableFrom } from '../../status/stateful.js';
import type { MemberCluster } from '../../tools/kubectl/objects.js';
import { accessOf, type FleetContext, karmadaAccess, parentAccess } from '../context.js';

/** Nothing while failover is off, or while Karmada does not respond: then the manager has ended already, without its lease. */
export async function movedByRestart(context: FleetContext, call: CallContext): Promise<readonly Destruction[]> {
  const accesses = { parent: parentAccess(context), karmada: karmadaAccess(context.paths) };
  if (!(await context.clients.kubectl.isReady(accesses.karmada, call))) return [];
  const found = await readFailover(context.clients, accesses, undefined, call);
  if (found === undefined || !found.enabled || found.policy === 'absent') return [];
  return await workloadsOfLost(context, call, { notReady: false });
}

/** `notReady`: also of members that Karmada calls not Ready, which are left only once failover comes. */
export async function workloadsOfLost(
  context: FleetContext,
  call: CallContext,
  { notReady }: { readonly notReady: boolean },
): Promise<readonly Destruction[]> {
  const { clients, paths } = context;
  const members = await membersOf(clients, karmadaAccess(paths), call);
  const reasons = await Promise.all(members.map((member) => whyLost(context, member, notReady, call)));
  if (reasons.every((why) => why === undefined)) return [];
  const bindings = await bindingsOf(clients, karmadaAccess(paths), call);
  return members.flatMap(({ metadata: { name } }, index) => {
    const holds = movableFrom(bindings, name);
    const why = reasons[index];
    if (why === undefined || holds.length === 0) return [];
    const evidence = `the member ${why}: they move to other members at once`;
    return [{ how: 'replace', kind: 'workloads of member', name, holds, evidence, flag: '--move-workloads' } as const];
  });
}

async function whyLost(
  context: FleetContext,
  member: MemberCluster,
  notReady: boolean,
  call: CallContext,
): Promise<string | undefined> {
  if (!readiness(member).ready) return notReady ? 'is not Ready' : undefined;
  if (member.spec.syncMode !== 'Push' || !(await isSilent(context, member, call))) return undefined;
  return 'does not respond, and karmada-controller-manager restarts without waiting for it';
}

/** Asked from this machine, as Karmada tells only what it has waited for. Nothing is known of a member without a kubeconfig here. */
async function isSilent(
  { clients, paths, fleet }: FleetContext,
  member: MemberCluster,
  call: CallContext,
): Promise<boolean> {
  if (silencedSince(member) !== undefined) return true;
  const { name } = member.metadata;
  if (fleet.members.every((each) => each.name !== name)) return false;
  const access = accessOf(paths, name);
  if ((await clients.world.files.read(access.kubeconfig)) === undefined) return false;
  return !(await clients.kubectl.isReady(access, call));
}
