/** Members as Karmada knows them. */
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { type MemberCluster, memberCluster } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import type { Clients } from './clients.js';

/** Kind of Karmada's own objects of members, for kubectl. */
export const memberKind = 'clusters.cluster.karmada.io';

export async function membersOf(clients: Clients, karmada: KubeAccess, call: Call): Promise<readonly MemberCluster[]> {
  return await clients.kubectl.list(karmada, { kind: memberKind }, memberCluster, call);
}

export async function memberOf(
  clients: Clients,
  karmada: KubeAccess,
  name: string,
  call: Call,
): Promise<MemberCluster | undefined> {
  return await clients.kubectl.get(karmada, { kind: memberKind, name }, memberCluster, call);
}

/** Whether Karmada calls the member Ready, and if not, why. */
export function readiness(member: MemberCluster): { readonly ready: boolean; readonly why: string | undefined } {
  const condition = member.status?.conditions?.find(({ type }) => type === 'Ready');
  if (condition === undefined) return { ready: false, why: 'Karmada has not looked at it yet' };
  const why = [condition.reason, condition.message].filter(Boolean).join(': ');
  return condition.status === 'True' ? { ready: true, why: undefined } : { ready: false, why };
}
