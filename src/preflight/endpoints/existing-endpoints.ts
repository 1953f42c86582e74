/** Whether clusters that are there answer this machine and, where they are to be push members, Karmada. */
import { isServing } from '../../access/eks-kubeconfig.js';
import { closedTo, silentEndpoint } from '../../access/endpoints/silent-endpoint.js';
import type { Clients } from '../../clients/clients.js';
import type { Diagnostic } from '../../errors/problem.js';
import { clusterOf, clustersOf, type Fleet } from '../../fleet/fleet.js';
import { clusterKey, type Network } from '../../model/facts.js';
import type { FoundClusters } from '../../ownership/name-ownership.js';
import { closedEndpoints } from '../member-endpoints.js';
import { asWarning, karmadasWay } from './karmadas-way.js';

/** Who reaches the endpoints that not everybody reaches, as a clause, by cluster key. */
export function closedAmong(clusters: FoundClusters): ReadonlyMap<string, string> {
  return new Map(
    [...clusters].flatMap(([key, found]) => {
      const closed = found?.resourcesVpcConfig && closedTo(found.resourcesVpcConfig);
      return closed === undefined ? [] : [[key, closed] as const];
    }),
  );
}

export interface Existing {
  readonly clusters: FoundClusters;
  readonly networks: ReadonlyMap<string, Network>;
  /** Whether its members join a Karmada that is there; in another run one of them may work without being reached from here. */
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
  const shut = await Promise.all(
    fleet.members.map(async (member): Promise<readonly Diagnostic[]> => {
      const cluster = clusterOf(member);
      const found = cluster && clusters.get(clusterKey(cluster));
      const isPushed = member.kind === 'eks' && member.mode === 'push' && member.existing;
      const problem = isPushed && found && (await karmadasWay(clients, fleet.parent, { member, found }, existing));
      return problem ? [problem] : [];
    }),
  );
  const own = fleet.members.filter((member) => member.kind === 'eks' && member.existing);
  const from = networks.get(clusterKey(fleet.parent));
  const limited = from === undefined ? [] : closedEndpoints({ members: own }, from, clusters);
  // Without a Karmada, no member of it works yet.
  const mustJoin = joins || !isServing(clusters.get(clusterKey(fleet.parent)));
  const apart = [...limited, ...shut.flat()].map((each) => (mustJoin ? each : asWarning(each)));
  return [...silent.flatMap((problem) => problem ?? []), ...apart];
}
