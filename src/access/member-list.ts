/** The members registered in Karmada. */

import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { anyObject, type MemberCluster, memberCluster } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';

/** Kind of Karmada's own objects of members, for kubectl. */
export const memberKind = 'clusters.cluster.karmada.io';

/** Served by an API server of its own, which Karmada's knows by it. */
const memberApi = { kind: 'apiservices', name: 'v1alpha1.cluster.karmada.io' } as const;

/**
 * None before `init` has created their API. A Karmada that does not list members is no proof of that: kubectl does not
 * find the type either while the API server of members does not respond.
 * @throws Problem `karmada-incomplete` then
 */
export async function membersOf(clients: Clients, karmada: KubeAccess, call: Call): Promise<readonly MemberCluster[]> {
  const told = await clients.kubectl.listIfServed(karmada, { kind: memberKind }, memberCluster, call);
  if (told !== undefined) return told;
  if ((await clients.kubectl.get(karmada, memberApi, anyObject, call)) === undefined) return [];
  throw new Problem('karmada-incomplete', {
    what: 'Karmada does not list its members',
    why: `it has ${memberApi.kind}/${memberApi.name}, but kubectl finds no type ${memberKind}`,
    next: [
      'find out why: kubectl -n karmada-system get pods -l app=karmada-aggregated-apiserver, with the context of the parent',
      'run the same command again once it is running',
    ],
  });
}

/** Undefined also before `init` has created the API of members. @throws Problem `karmada-incomplete`, as `membersOf` */
export async function memberOf(
  clients: Clients,
  karmada: KubeAccess,
  name: string,
  call: Call,
): Promise<MemberCluster | undefined> {
  const found = await clients.kubectl.getIfServed(karmada, { kind: memberKind, name }, memberCluster, call);
  if (found !== 'not-served') return found;
  return (await membersOf(clients, karmada, call)).find(({ metadata }) => metadata.name === name);
}

/** Whether Karmada calls the member Ready, and if not, why. */
export function readiness(member: MemberCluster): { readonly ready: boolean; readonly why: string | undefined } {
  const condition = member.status?.conditions?.find(({ type }) => type === 'Ready');
  if (condition === undefined) return { ready: false, why: 'Karmada has not checked it yet' };
  const why = [condition.reason, condition.message].filter(Boolean).join(': ');
  return condition.status === 'True' ? { ready: true, why: undefined } : { ready: false, why };
}
