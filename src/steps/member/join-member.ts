/** Joins a push member: Karmada gets an account in the member and reaches it from the parent. */
import { memberKind, memberOf } from '../../access/member-list.js';
import type { CallContext, Step, StepState } from '../../engine/step.js';
import { isParent, type Member } from '../../fleet/fleet.js';
import { karmadaCommands } from '../../tools/karmada/commands.js';
import { accessOf, type CreateContext, type FleetContext, karmadaAccess, seconds } from '../context.js';
import { checkMembership } from './check-membership.js';
import { claimNamespaces } from './member-namespaces.js';
import { expectedPlace, placeOf } from './member-place.js';
import { waitUntilReady } from './member-readiness.js';
import { endSilence } from './silence-member.js';

export function joinMember(context: CreateContext, member: Member): Step {
  const { clients, paths } = context;
  const karmada = karmadaAccess(paths);
  const access = accessOf(paths, member.name);
  return {
    id: `join-member/${member.name}`,
    title: `join ${member.name} (push)`,
    scope: member.name,
    expectedMs: seconds(15),
    preview: () => ({
      changes: [`push member ${member.name}`],
      commands: [karmadaCommands.join(karmada, access, expectedPlace(context, member))],
    }),
    check: async (call) => {
      const found = await checkMembership(context, member, call);
      return found.state === 'ready' ? await checkEndpoint(context, member, call) : found;
    },
    apply: async (call) => {
      await claimNamespaces(context, member, call);
      const known = await memberOf(clients, karmada, member.name, call);
      if (known === undefined) {
        const place = await placeOf(context, member, call);
        await clients.karmada.join(karmada, access, place, call);
      }
      await endSilence(context, member, call);
      await setEndpoint(context, member, call);
      await waitUntilReady(context, member, call);
    },
  };
}

/**
 * The API of the parent as Karmada's pods reach it, without leaving the cluster; `join` takes the address that this
 * machine uses (observed with 1.18.2: with this one the member stays Ready).
 */
const insideParent = 'https://kubernetes.default.svc';

async function checkEndpoint(context: FleetContext, member: Member, call: CallContext): Promise<StepState> {
  const endpoint = await outerEndpoint(context, member, call);
  if (endpoint === undefined) return { state: 'ready' };
  return { state: 'partial', missing: [`Karmada reaches the parent through ${endpoint}, not from inside the cluster`] };
}

async function setEndpoint(context: FleetContext, member: Member, call: CallContext): Promise<void> {
  if ((await outerEndpoint(context, member, call)) === undefined) return;
  const ref = { kind: memberKind, name: member.name };
  const patch = { spec: { apiEndpoint: insideParent } };
  await context.clients.kubectl.mergePatch(karmadaAccess(context.paths), ref, patch, call);
}

/** The address of the parent as a member of itself where it is not the one inside; undefined for every other member. */
async function outerEndpoint(context: FleetContext, member: Member, call: CallContext): Promise<string | undefined> {
  if (!isParent(context.fleet, member)) return undefined;
  const found = await memberOf(context.clients, karmadaAccess(context.paths), member.name, call);
  const endpoint = found?.spec.apiEndpoint ?? 'no address';
  return endpoint === insideParent ? undefined : endpoint;
}
