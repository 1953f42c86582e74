/** Whether the names of the fleet's clusters are free, taken by this fleet, or taken by somebody else. */

import pMap from 'p-map';
import type { Cluster } from '../aws/eks.js';
import type { Clients } from '../clients/clients.js';
import { okUnless } from '../errors/diagnostic.js';
import { Problem } from '../errors/problem.js';
import {
  type ClusterRole,
  clustersOf,
  type EksCluster,
  type Fleet,
  type FleetCluster,
  type FleetMemberCluster,
  type Member,
} from '../fleet/fleet.js';
import { type Checked, clusterKey, type Ownership } from '../model/facts.js';
import { placeName } from '../world/place.js';
import { type Claimant, judgeCluster } from './cluster-ownership.js';

/** What EKS knows of the fleet's clusters, by cluster key; undefined where it knows none of the name. */
export type FoundClusters = ReadonlyMap<string, Cluster | undefined>;

/** One DescribeCluster a cluster, in parallel. */
export async function findClusters(
  { eks, concurrency }: Pick<Clients, 'eks' | 'concurrency'>,
  fleet: Fleet,
): Promise<FoundClusters> {
  const read = async (wanted: FleetCluster): Promise<[string, Cluster | undefined]> => [
    clusterKey(wanted),
    await eks(wanted).cluster(wanted.cluster),
  ];
  return new Map(await pMap(clustersOf(fleet), read, { concurrency }));
}

/** The clusters of the fleet that EKS does not know. */
export function missingClusters(fleet: Fleet, clusters: FoundClusters): readonly FleetCluster[] {
  return clustersOf(fleet).filter((cluster) => clusters.get(clusterKey(cluster)) === undefined);
}

/** Somebody else's cluster is a Problem unless the user allowed its use. `membersStand`: members may be called existing that the fleet made. */
export async function judgeOwnership(
  clients: Clients,
  claimant: Claimant,
  clusters: FoundClusters,
  membersStand = false,
): Promise<Checked<ReadonlyMap<string, Ownership>>> {
  const { fleet } = claimant;
  const found = new Map<string, Ownership>();
  const problems: Problem[] = [];
  const existing = new Set(fleet.members.flatMap((member) => (isUsed(member) ? [member.name] : [])));
  for (const cluster of clustersOf(fleet)) {
    const ownership = await ownershipOf(clients, claimant, cluster, clusters.get(clusterKey(cluster)));
    found.set(clusterKey(cluster), ownership);
    const mayExist = fleet.useExisting || existing.has(cluster.scope);
    if (ownership === 'existing' && !mayExist) problems.push(notOurs(fleet.name, cluster));
    if (ownership === 'absent' && existing.has(cluster.scope)) problems.push(absent(cluster));
    const isMade = existing.has(cluster.scope) && (await made(clients, claimant, cluster, clusters)) === 'ours';
    if (isMade && !membersStand) problems.push(notExisting(fleet.name, cluster));
  }
  return { found, diagnostics: okUnless(problems, describeNames(fleet, clusters)) };
}

function describeNames(fleet: Fleet, clusters: FoundClusters): string {
  const missing = missingClusters(fleet, clusters).map(({ cluster }) => cluster);
  const there = clustersOf(fleet).flatMap(({ cluster }) => (missing.includes(cluster) ? [] : [cluster]));
  return [
    ...(missing.length === 0 ? [] : [`available names: ${missing.join(', ')}`]),
    ...(there.length === 0 ? [] : [`existing clusters: ${there.join(', ')}`]),
  ].join('; ');
}

/** What a name is, by what EKS knows of it: what is not surely the fleet's is not the fleet's. */
export async function ownershipOf(
  clients: Pick<Clients, 'cloudformation'>,
  claimant: Claimant,
  { cluster, region, account }: EksCluster,
  found: Cluster | undefined,
): Promise<Ownership> {
  if (found === undefined) return 'absent';
  const { whose } = await judgeCluster(clients, claimant, { cluster, region, account, found });
  return whose === 'ours' ? 'ours' : 'existing';
}

/** What a cluster is, whatever the configuration calls it; what was recorded of it when it was adopted stays. */
async function made(
  clients: Clients,
  { fleet, memory }: Claimant,
  cluster: FleetMemberCluster,
  clusters: FoundClusters,
): Promise<Ownership> {
  const unsaid = (member: Member): Member => (member.kind === 'eks' ? { ...member, existing: false } : member);
  const plain = { ...fleet, members: fleet.members.map(unsaid), former: fleet.former.map(unsaid) };
  return await ownershipOf(clients, { fleet: plain, memory }, cluster, clusters.get(clusterKey(cluster)));
}

/** With it `down` would leave a cluster that the fleet made. */
function notExisting(fleet: string, { cluster, scope, ...place }: FleetMemberCluster): Problem {
  return new Problem('invalid-value', {
    what: `EKS cluster ${cluster} in ${placeName(place)} did not exist before fleet ${fleet}, which made it`,
    why: 'down does not delete what is marked as existing: it would be left, and go on costing money',
    next: [`omit existing=true of member ${scope}`],
  });
}

function isUsed(member: Member): boolean {
  return member.kind === 'eks' && member.existing;
}

/** A cluster that was declared existing is never created: its name may be a typo. */
export function absent(cluster: EksCluster): Problem {
  return new Problem('cluster-absent', {
    what: `EKS has no cluster ${cluster.cluster} in ${placeName(cluster)}`,
    next: [
      'check its name, region and account: aws eks list-clusters',
      'to create it, use join --create, or omit existing=true',
    ],
  });
}

/** The Problem for a cluster that this fleet did not make. */
export function notOurs(fleet: string, cluster: FleetCluster & { readonly role?: ClusterRole }): Problem {
  const isMember = cluster.role === 'member';
  return new Problem('cluster-not-ours', {
    what: `EKS cluster ${cluster.cluster} in ${placeName(cluster)} exists and does not belong to fleet ${fleet}`,
    next: [
      'choose another name: --fleet, or --member name=…',
      'or add --use-existing to build the fleet on it: it keeps its nodes, and down does not delete it',
      ...(isMember ? ['or mark only this member as existing: --member name=…,existing=true'] : []),
    ],
  });
}
