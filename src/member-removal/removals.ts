/** Members to be removed from a fleet: how Karmada knows them, and whether their clusters can be reached. */
import pMap from 'p-map';
import type { FleetAccess } from '../access/fleet-access.js';
import { membersOf, readiness } from '../access/member-list.js';
import type { Stack } from '../aws/cloudformation.js';
import { isRoleRefused } from '../aws/refused-role.js';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import { clusterOf, type Fleet, type FleetMemberCluster, isParent, type Member } from '../fleet/fleet.js';
import { clusterKey } from '../model/facts.js';
import { clusterOfStack, stackVerdict } from '../ownership/cluster-ownership.js';
import { anyObject, type MemberCluster } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';

export interface MemberRemoval {
  /** In the mode in which Karmada has it. */
  readonly member: Member;
  /** Whether Karmada has a member of this name. */
  readonly isKnown: boolean;
  /** Why its cluster cannot be talked to, for a sentence; undefined: it answers. */
  readonly silence: string | undefined;
  /** The Problem where that is because the role of its account may not be assumed. */
  readonly refusal: Problem | undefined;
  /** Why Karmada does not reach it, as reported by Karmada; undefined if it is Ready, or not checked yet. */
  readonly trouble: string | undefined;
  /** Whether its cluster was there before the fleet, and stays whatever happens. */
  readonly isAdopted: boolean;
  /** EKS has no such cluster any more, and Karmada reaches none: nothing can be left in it. */
  readonly isGone: boolean;
  /** Its cluster, when it was made for it by this fleet and something of it is there. */
  readonly made: FleetMemberCluster | undefined;
}

const kubeSystem = { kind: 'namespaces', name: 'kube-system' } as const;

/** All members of this fleet, whose reach is given. A Karmada that does not respond knows nobody. */
export async function findRemovals(
  clients: Clients,
  fleet: Fleet,
  reach: FleetAccess,
  call: Call,
): Promise<readonly MemberRemoval[]> {
  const known = reach.karmada === undefined ? [] : await membersOf(clients, reach.karmada, call);
  const check = async (member: Member): Promise<MemberRemoval> => {
    const found = known.find(({ metadata }) => metadata.name === member.name);
    const mode = found === undefined ? member.mode : found.spec.syncMode === 'Pull' ? 'pull' : 'push';
    const silence = await silenceOf(clients, member, found, reach, call);
    const unreached = reach.unreached.get(member.name);
    return {
      member: { ...member, mode },
      isKnown: found !== undefined,
      silence,
      refusal: isRoleRefused(unreached) ? unreached : undefined,
      trouble: troubleOf(found),
      isAdopted: member.kind === 'context' || reach.ownership.get(clusterKey(member)) === 'existing',
      isGone: isUnknown(member, reach) && !mayReach(found),
      made: await madeCluster(clients, fleet, member, reach),
    };
  };
  return await pMap(fleet.members, check, { concurrency: clients.concurrency });
}

/** EKS has none of its name. */
function isUnknown(member: Member, { clusters, unreached }: FleetAccess): boolean {
  return member.kind === 'eks' && !clusters.has(clusterKey(member)) && !unreached.has(member.name);
}

/** Karmada uses an endpoint, not a name: another live cluster may be behind it. */
function mayReach(found: MemberCluster | undefined): boolean {
  return found !== undefined && troubleOf(found) === undefined;
}

function troubleOf(found: MemberCluster | undefined): string | undefined {
  const wasProbed = found?.status?.conditions?.some(({ type }) => type === 'Ready') === true;
  return found !== undefined && wasProbed ? readiness(found).why : undefined;
}

/** Karmada knows a cluster by the id of its namespace kube-system (karmada 1.18.2, pkg/util/cluster.go). */
async function silenceOf(
  clients: Clients,
  member: Member,
  found: MemberCluster | undefined,
  reach: FleetAccess,
  call: Call,
): Promise<string | undefined> {
  const access = reach.apis.get(member.name);
  if (access === undefined) return unreachable(member, found, reach);
  try {
    const identity = await clients.kubectl.get(access, kubeSystem, anyObject, call);
    const isOther = found?.spec.id !== undefined && found.spec.id !== identity?.metadata.uid;
    return isOther ? 'another cluster responds in its place' : undefined;
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code === 'interrupted') throw thrown;
    return thrown.why ?? thrown.message;
  }
}

function unreachable(member: Member, found: MemberCluster | undefined, reach: FleetAccess): string {
  if (member.kind === 'context') return `your kubeconfig has no context ${member.context}`;
  const status = reach.clusters.get(clusterKey(member))?.status;
  const silence = reach.silent.get(member.name);
  const trouble = reach.unreached.get(member.name)?.message ?? silence?.why;
  if (trouble !== undefined || status !== undefined) return trouble ?? `EKS status ${status}`;
  const endpoint = found?.spec.apiEndpoint;
  const isOther = found !== undefined && readiness(found).ready;
  return isOther
    ? `EKS has no cluster with its name, but Karmada reaches one at ${endpoint}`
    : 'EKS has no cluster with its name';
}

/** A partially created cluster is not in EKS, but its stacks exist; and what cannot be read is kept on record. */
async function madeCluster(
  clients: Clients,
  fleet: Fleet,
  member: Member,
  { ownership, unreached, memory }: FleetAccess,
): Promise<FleetMemberCluster | undefined> {
  const cluster = clusterOf(member);
  if (member.kind !== 'eks' || cluster === undefined || isParent(fleet, member)) return undefined;
  const owner = ownership.get(clusterKey(cluster));
  if (owner === 'ours' || (unreached.has(member.name) && !member.existing)) return cluster;
  if (owner !== 'absent') return undefined;
  const stacks = await clients.cloudformation(cluster).stacks();
  const isOurs = (stack: Stack): boolean =>
    clusterOfStack(stack) === cluster.cluster &&
    stackVerdict({ fleet, memory }, { place: cluster, stack, standing: undefined }, stacks).whose === 'ours';
  return stacks.some(isOurs) ? cluster : undefined;
}
