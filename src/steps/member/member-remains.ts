/** What Karmada leaves of a member on either side after an interrupted removal, and what it never removes. */

import type { CallContext } from '../../engine/step.js';
import type { Member } from '../../fleet/fleet.js';
import type { KubeAccess, KubeRef } from '../../tools/kubectl/commands.js';
import { anyObject } from '../../tools/kubectl/objects.js';
import { type FleetContext, karmadaAccess } from '../context.js';
import { credentialsNamespace } from './member-namespaces.js';

type ObjectRef = KubeRef & { readonly name: string };

/**
 * What the control plane keeps of a member: its credentials, its execution space, and for a pull member the rights of its
 * agent, with which a former member could still come in (karmada 1.18.2, register.go, GenerateRBACResources).
 */
export function controlPlaneRemains({ name, mode }: Member): readonly ObjectRef[] {
  const agent = `system:karmada:${name}:agent`;
  const secrets = [name, `${name}-impersonator`].map((secret) => ({
    kind: 'secrets',
    name: secret,
    namespace: credentialsNamespace,
  }));
  const rights: readonly ObjectRef[] = [
    { kind: 'clusterrolebindings', name: agent },
    { kind: 'clusterroles', name: agent },
    { kind: 'rolebindings', name: `${agent}-secret`, namespace: credentialsNamespace },
    { kind: 'roles', name: `${agent}-secret`, namespace: credentialsNamespace },
  ];
  return [...(mode === 'pull' ? rights : []), ...secrets, { kind: 'namespaces', name: `karmada-es-${name}` }];
}

/** Karmada's rights in the member, which are in no namespace (observed with 1.18.2, by join and register). */
export function memberRights({ name, mode }: Member): readonly ObjectRef[] {
  const ofAgent = mode === 'pull' ? ['karmada-agent'] : [];
  // The last one can be recreated with the permissions of the others.
  const roles = [`karmada-controller-manager:karmada-${name}`, ...ofAgent, 'karmada-impersonator'];
  return roles.flatMap((role) => [
    { kind: 'clusterrolebindings', name: role },
    { kind: 'clusterroles', name: role },
  ]);
}

/** Those that are there. */
async function foundIn(
  context: FleetContext,
  access: KubeAccess,
  refs: readonly ObjectRef[],
  call: CallContext,
): Promise<readonly ObjectRef[]> {
  const found = await Promise.all(
    refs.map(async (ref) => ((await context.clients.kubectl.get(access, ref, anyObject, call)) ? [ref] : [])),
  );
  return found.flat();
}

/** What the control plane still keeps of a member. */
export async function keptByKarmada(
  context: FleetContext,
  member: Member,
  call: CallContext,
): Promise<readonly ObjectRef[]> {
  return await foundIn(context, karmadaAccess(context.paths), controlPlaneRemains(member), call);
}
