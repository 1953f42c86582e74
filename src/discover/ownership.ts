/** Whether the names of the fleet's clusters are free, taken by this fleet, or somebody else's. */
import { Problem } from '../errors/problem.js';
import { clustersOf, type Fleet, type FleetCluster } from '../fleet/fleet.js';
import { fleetTag } from '../fleet/names.js';
import type { Clients } from './clients.js';
import { clusterKey, type Finding, type Ownership } from './facts.js';

/** One DescribeCluster a cluster, side by side. Somebody else's cluster is a Problem unless the user allowed its use. */
export async function findOwnership(clients: Clients, fleet: Fleet): Promise<Finding<ReadonlyMap<string, Ownership>>> {
  const found = new Map<string, Ownership>();
  const problems: Problem[] = [];
  await Promise.all(
    clustersOf(fleet).map(async (cluster) => {
      const ownership = await ownershipOf(clients, fleet.id, cluster);
      found.set(clusterKey(cluster), ownership);
      if (ownership === 'existing' && !fleet.useExisting) problems.push(notOurs(fleet.name, cluster));
    }),
  );
  return { found, problems, warnings: [] };
}

async function ownershipOf(clients: Clients, fleetId: string, cluster: FleetCluster): Promise<Ownership> {
  const found = await clients.eks(cluster.region).cluster(cluster.cluster);
  if (found === undefined) return 'absent';
  return found.tags?.[fleetTag] === fleetId ? 'ours' : 'existing';
}

/** The Problem for a cluster that this fleet did not make. */
export function notOurs(fleet: string, cluster: FleetCluster): Problem {
  return new Problem('cluster-not-ours', {
    what: `EKS cluster ${cluster.cluster} in ${cluster.region} exists and does not belong to fleet ${fleet}`,
    next: [
      'choose another name: --fleet, or --member name=…',
      'or say --use-existing to build the fleet on it: it keeps its nodes, and down leaves it standing',
    ],
  });
}
