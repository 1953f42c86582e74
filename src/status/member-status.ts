/** The current state of a fleet's members: what Karmada reports for each, plus the agent's pods for a pull member. */
import pMap from 'p-map';
import { readiness } from '../access/member-list.js';
import { silencedSince } from '../access/silenced.js';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import { type Fleet, type Member, regionOf } from '../fleet/fleet.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import type { MemberCluster } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import { reasonOf } from './karmada-health.js';
import { agentName, agentPods, agentVersionIn } from './karmada-versions.js';

export interface MemberStatus {
  readonly name: string;
  /** `push` or `pull`. */
  readonly mode: string;
  /** Undefined for a member outside AWS whose nodes do not show it. */
  readonly region: string | undefined;
  /** Like `aws`, as Karmada knows it. */
  readonly provider: string | undefined;
  readonly zones: readonly string[];
  readonly ready: boolean;
  readonly why: string | undefined;
  readonly kubernetesVersion: string | undefined;
  /** Karmada's, of the agent of a pull member; undefined if not read. */
  readonly agentVersion?: string | undefined;
  /** `key=value:Effect`, as kubectl writes them. */
  readonly taints: readonly string[];
  /** ISO date of the moment when a demo made it silent; it has not been brought back. */
  readonly silencedAt: string | undefined;
  /** ISO date of the moment when it was joined. */
  readonly since: string | undefined;
  /** `member`: in the configuration; `former`: no longer in the configuration; `unknown`: joined by somebody else. */
  readonly standing: 'member' | 'former' | 'unknown';
}

/** Members in the configuration, then others that Karmada knows; `known` is undefined if it cannot be read. */
export function memberStatuses(fleet: Fleet, known: readonly MemberCluster[] | undefined): readonly MemberStatus[] {
  const why = known === undefined ? 'Karmada cannot be reached' : 'not registered in Karmada';
  const wanted = fleet.members.map((member) => wantedStatus(member, known ?? [], why));
  const others = (known ?? []).filter(({ metadata }) => !fleet.members.some(({ name }) => name === metadata.name));
  const isFormer = (name: string): boolean => fleet.former.some((member) => member.name === name);
  return [
    ...wanted,
    ...others.map((each) => statusOf(each, undefined, isFormer(each.metadata.name) ? 'former' : 'unknown')),
  ];
}

/** The same with what the agents' pods show of pull members: their version, and why a member is not Ready. */
export async function withAgents(
  clients: Clients,
  members: readonly MemberStatus[],
  apis: ReadonlyMap<string, KubeAccess>,
  call: Call,
): Promise<readonly MemberStatus[]> {
  const { concurrency } = clients;
  return await pMap(members, (member) => withAgent(clients, member, apis.get(member.name), call), { concurrency });
}

/** By the names of pull members, where it is known. */
export function agentVersions(members: readonly MemberStatus[]): ReadonlyMap<string, string> {
  return new Map(
    members.flatMap(({ name, agentVersion }) => (agentVersion === undefined ? [] : [[name, agentVersion] as const])),
  );
}

function wantedStatus(member: Member, known: readonly MemberCluster[], why: string): MemberStatus {
  const found = known.find(({ metadata }) => metadata.name === member.name);
  const region = regionOf(member);
  if (found !== undefined) return statusOf(found, region, 'member');
  const { name, mode } = member;
  return {
    name,
    mode,
    region,
    provider: undefined,
    zones: [],
    ready: false,
    why,
    kubernetesVersion: undefined,
    taints: [],
    silencedAt: undefined,
    since: undefined,
    standing: 'member',
  };
}

function statusOf(found: MemberCluster, region: string | undefined, standing: MemberStatus['standing']): MemberStatus {
  const { metadata, spec, status } = found;
  return {
    name: metadata.name,
    mode: spec.syncMode.toLowerCase(),
    region: region ?? spec.region,
    provider: spec.provider,
    zones: spec.zones ?? [],
    ...readiness(found),
    kubernetesVersion: status?.kubernetesVersion,
    taints: (spec.taints ?? []).map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`),
    silencedAt: silencedSince(found)?.at,
    since: metadata.creationTimestamp ?? undefined,
    standing,
  };
}

/** Of a pull member Karmada only hears through the agent, so its pods know more than Karmada does. */
async function withAgent(
  clients: Clients,
  member: MemberStatus,
  access: KubeAccess | undefined,
  call: Call,
): Promise<MemberStatus> {
  if (member.mode !== 'pull' || access === undefined) return member;
  try {
    const pods = await agentPods(clients, access, call);
    const agents = pods.filter(({ metadata }) => metadata.name.startsWith(`${agentName}-`));
    const reason = member.ready || agents.length === 0 ? undefined : reasonOf(agentName, agents);
    const found = { ...member, agentVersion: agentVersionIn(agents) };
    return reason === undefined ? found : { ...found, why: `${member.why}; ${agentName}: ${reason}` };
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code === 'interrupted') throw thrown;
    return member;
  }
}
