/** Whether clusters that are there answer this machine and, where they are to be push members, Karmada. */
import { closedTo, silentEndpoint } from '../../access/endpoints/silent-endpoint.js';
import type { Cluster } from '../../aws/eks.js';
import type { Clients } from '../../clients/clients.js';
import { warning } from '../../errors/diagnostic.js';
import { type Diagnostic, Problem } from '../../errors/problem.js';
import { clusterOf, clustersOf, describeMember, type EksMember, type Fleet } from '../../fleet/fleet.js';
import { clusterKey, type Network } from '../../model/facts.js';
import type { FoundClusters } from '../../ownership/name-ownership.js';
import { leadsTo } from '../network/connections.js';

/** Who reaches the endpoints that not everybody reaches, as a clause, by cluster key. */
export function closedAmong(clusters: FoundClusters): ReadonlyMap<string, string> {
  return new Map(
    [...clusters].flatMap(([key, found]) => {
      const closed = found?.resourcesVpcConfig && closedTo(found.resourcesVpcConfig);
      return closed === undefined ? [] : [[key, closed] as const];
    }),
  );
}

interface Existing {
  readonly clusters: FoundClusters;
  readonly networks: ReadonlyMap<string, Network>;
  /** Whether its members are to join now; in another run one of them may work without being reached from here. */
  readonly joins: boolean;
}

export async function judgeExisting(
  clients: Clients,
  fleet: Fleet,
  existing: Existing,
): Promise<readonly Diagnostic[]> {
  const { clusters, networks, joins } = existing;
  const silent = await Promise.all(
    clustersOf(fleet).map(async (wanted) => {
      const found = clusters.get(clusterKey(wanted));
      return found && (await silentEndpoint(clients.world, wanted, found));
    }),
  );
  // Without the parent, which is the first, nothing can be done anyway.
  if (silent[0] !== undefined) return [silent[0]];
  const apart = fleet.members.flatMap((member) => {
    const cluster = clusterOf(member);
    const found = cluster && clusters.get(clusterKey(cluster));
    if (member.kind !== 'eks' || member.mode !== 'push' || found?.resourcesVpcConfig?.endpointPublicAccess !== false)
      return [];
    const problem = shutOut(fleet, member, found, networks);
    return problem === undefined
      ? []
      : [joins ? problem : warning({ what: problem.what, why: problem.why, next: problem.next })];
  });
  return [...silent.flatMap((problem) => problem ?? []), ...apart];
}

/** In one VPC the security groups decide, which whoever made the cluster knows; in two also the routes. */
function shutOut(
  { parent }: Fleet,
  member: EksMember,
  { resourcesVpcConfig: config }: Cluster,
  networks: ReadonlyMap<string, Network>,
): Problem | undefined {
  const [own, parents] = [networks.get(clusterKey(member)), networks.get(clusterKey(parent))];
  if (own === undefined || parents === undefined) return undefined;
  if (own.vpcId === parents.vpcId && own.region === parents.region) return undefined;
  const there = own.cidrs.every((range) => leadsTo(parents, range) !== 'no');
  const back = parents.cidrs.every((range) => leadsTo(own, range, config?.subnetIds) !== 'no');
  if (there && back) return undefined;
  return new Problem('vpc-unusable', {
    what: `Karmada cannot reach ${describeMember(member)}: its endpoint is private in VPC ${own.vpcId}, and Karmada is in VPC ${parents.vpcId} in ${parents.region}`,
    why: `their subnets do not lead to each other (${own.cidrs.join(', ')} and ${parents.cidrs.join(', ')}) by a peering or a transit gateway`,
    next: [
      'join it in pull mode, so that Karmada need not reach it: --mode pull (up: mode=pull)',
      'or connect the VPCs, with routes in both directions',
    ],
  });
}
