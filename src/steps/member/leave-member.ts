/** Removes a member from Karmada, with or without its cooperation, and cleans up what Karmada leaves on either side. */
import { memberKind, memberOf } from '../../access/member-list.js';
import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import type { Member } from '../../fleet/fleet.js';
import { withReason } from '../../status/held-deletions.js';
import { karmadaCommands } from '../../tools/karmada/commands.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import type { Command } from '../../world/exec.js';
import { accessOf, type FleetContext, karmadaAccess, minutes, seconds } from '../context.js';
import { type Patience, waitUntil } from '../wait-until.js';
import { keepPropagated, losses } from './member-losses.js';
import { credentialsNamespace, removableParts, sharedNamespaces, usedNamespaces } from './member-namespaces.js';
import { controlPlaneRemains, keptByKarmada, memberRights } from './member-remains.js';
import type { RemovalMode } from './removal.js';
import { endSilence } from './silence-member.js';
import { whyNotGone } from './why-not-gone.js';

export function leaveMember(context: FleetContext, member: Member, leave: RemovalMode): Step {
  const isKnown = async (call: CallContext): Promise<boolean> =>
    leave.how !== 'alone' && (await isMember(context, member, call));
  const isLeft = async (call: CallContext): Promise<boolean> => {
    if (leave.clearsMember && (await removableParts(context, member, call)).length > 0) return true;
    return leave.clearsKarmada && (await keptByKarmada(context, member, call)).length > 0;
  };
  return {
    id: `leave/${member.name}`,
    title: `remove ${member.name} from Karmada`,
    scope: member.name,
    expectedMs: seconds(45),
    preview: () => ({ changes: changes(member, leave), commands: commands(context, member, leave) }),
    check: async (call) => {
      if (await isKnown(call)) return { state: 'absent' };
      return (await isLeft(call))
        ? { state: 'partial', missing: [`remains of ${member.name} in Karmada`] }
        : { state: 'ready' };
    },
    destroys: async (call) => ((await isKnown(call)) ? await losses(context, member, leave, call) : []),
    apply: async (call) => {
      if (await isKnown(call)) {
        // An agent that cannot be reached stays as it is: it is the cluster's own, which is given up.
        if (leave.how !== 'forced' || member.mode === 'push') await endSilence(context, member, call);
        await keepPropagated(context, member, leave, call);
        await letGo(context, member, leave, call);
      }
      // First what lets a former member in.
      if (leave.clearsKarmada) await clearKarmada(context, member, call);
      if (leave.clearsMember) await clearMember(context, member, call);
      await waitUntil(context, call, patience(context, member, leave, call), async () => !(await isLeft(call)));
    },
  };
}

function changes(member: Member, { how, clearsMember, propagated }: RemovalMode): readonly string[] {
  return [
    ...(how === 'alone' ? [] : [`${member.mode} member ${member.name} of Karmada`]),
    ...(clearsMember ? [`Karmada’s own objects in ${member.name}`] : []),
    ...(how !== 'alone' && propagated === 'stays' ? [`Karmada’s marks on what it propagated to ${member.name}`] : []),
  ];
}

function commands(
  context: FleetContext,
  member: Member,
  { how, clearsMember, clearsKarmada }: RemovalMode,
): readonly Command[] {
  const { name, mode } = member;
  const karmada = karmadaAccess(context.paths);
  const access = accessOf(context.paths, name);
  const orderly = mode === 'push' ? karmadaCommands.unjoin : karmadaCommands.unregister;
  const forced =
    mode === 'push' ? karmadaCommands.unjoinByForce(karmada, name) : kubectlCommands.remove(karmada, clusterOf(member));
  return [
    ...(how === 'orderly' ? [orderly(karmada, access, name)] : []),
    ...(how === 'forced' ? [forced] : []),
    ...(clearsKarmada ? controlPlaneRemains(member).map((ref) => kubectlCommands.remove(karmada, ref)) : []),
    ...(clearsMember
      ? [...memberRights(member), ...usedNamespaces(member)].map((ref) => kubectlCommands.remove(access, ref))
      : []),
  ];
}

async function letGo(context: FleetContext, member: Member, leave: RemovalMode, call: CallContext): Promise<void> {
  const { how } = leave;
  const { karmada, kubectl } = context.clients;
  const { name, mode } = member;
  const api = karmadaAccess(context.paths);
  const access = accessOf(context.paths, name);
  const isGone = async (): Promise<boolean> => !(await isMember(context, member, call));
  // The commands wait for a minute, and tell only that this is over.
  const withCause = async (thrown: unknown): Promise<never> => {
    if (!(thrown instanceof Problem) || !['unjoin-failed', 'tool-timed-out'].includes(thrown.code)) throw thrown;
    throw withReason(thrown, await whyNotGone(context, member, leave, call));
  };
  if (how === 'orderly' && !(await isCredentialsShared(context, member, call))) {
    await (mode === 'push' ? karmada.unjoin : karmada.unregister)(api, access, name, call).catch(withCause);
    // Status 0 is no proof, and a member that Karmada still has would be written into again as soon as it is cleared.
    await waitUntil(context, call, patience(context, member, leave, call), isGone);
  } else if (how !== 'orderly' && mode === 'push') {
    await karmada.unjoinByForce(api, name, call).catch(withCause);
  } else {
    // `unjoin` and `unregister` would delete the namespace with the objects of others, and `unregister` has no
    // `--force`. Karmada itself releases a pull member that is not Ready (1.18.2, cluster_controller.go).
    await kubectl.remove(api, clusterOf(member), call);
    await waitUntil(context, call, patience(context, member, leave, call), isGone);
  }
}

/** Both commands delete the namespace of the credentials (karmada 1.18.2, unjoin.go, deleteNamespaceFromUnjoinCluster). */
async function isCredentialsShared(context: FleetContext, member: Member, call: CallContext): Promise<boolean> {
  const shared = await sharedNamespaces(context, member, call);
  return shared.some(({ container }) => container.name === credentialsNamespace);
}

/** One empty answer is no proof: what is cleared while Karmada still has the member would be written again. */
async function isMember(context: FleetContext, { name }: Member, call: CallContext): Promise<boolean> {
  const isFound = async (): Promise<boolean> =>
    (await memberOf(context.clients, karmadaAccess(context.paths), name, call)) !== undefined;
  return (await isFound()) || (await isFound());
}

async function clearKarmada(context: FleetContext, member: Member, call: CallContext): Promise<void> {
  const left = await keptByKarmada(context, member, call);
  for (const ref of left) await context.clients.kubectl.remove(karmadaAccess(context.paths), ref, call);
}

/** The namespaces last: while one exists, the rest is known to be ours, and is searched again. */
async function clearMember(context: FleetContext, member: Member, call: CallContext): Promise<void> {
  const claimed = await removableParts(context, member, call);
  if (claimed.length === 0) return;
  const access = accessOf(context.paths, member.name);
  for (const ref of [...memberRights(member), ...claimed]) await context.clients.kubectl.remove(access, ref, call);
}

function clusterOf({ name }: Member): { readonly kind: string; readonly name: string } {
  return { kind: memberKind, name };
}

function patience(context: FleetContext, member: Member, leave: RemovalMode, call: CallContext): Patience {
  const { kubeconfig } = karmadaAccess(context.paths);
  return {
    everyMs: seconds(2),
    limitMs: minutes(5),
    onTimeout: async () => {
      const problem = new Problem('unjoin-failed', {
        what: `Karmada’s objects for ${member.name} were not deleted within 5 minutes`,
        next: [
          `check what blocks it in Karmada: kubectl --kubeconfig ${kubeconfig} get cluster ${member.name} -o yaml`,
          `and in the member: kubectl get namespace ${usedNamespaces(member)
            .map(({ name }) => name)
            .join(' ')} -o yaml`,
          'run the same command again',
        ],
      });
      return withReason(problem, await whyNotGone(context, member, leave, call));
    },
  };
}
