/** Whether the names of the fleet's clusters are free, taken by this fleet, or somebody else's. */
import type { Cluster } from '../aws/eks.js';
import { Problem } from '../errors/problem.js';
import { clustersOf, type Fleet, type FleetCluster } from '../fleet/fleet.js';
import { fleetTag } from '../fleet/names.js';
import type { Clients } from './clients.js';
import { clusterKey, type Finding, type Ownership } from './facts.js';

/** What EKS knows of the fleet's clusters, by cluster key; undefined where it knows none of the name. */
export type FoundClusters = ReadonlyMap<string, Cluster | undefined>;

/** One DescribeCluster a cluster, side by side. */
export async function findClusters(clients: Pick<Clients, 'eks'>, fleet: Fleet): Promise<FoundClusters> {
  const read = clustersOf(fleet).map(async (cluster) => {
    return [clusterKey(cluster), await clients.eks(cluster.region).cluster(cluster.cluster)] as const;
  });
  return new Map(await Promise.all(read));
}

/** The clusters of the fleet that EKS does not know. */
export function missingClusters(fleet: Fleet, clusters: FoundClusters): readonly FleetCluster[] {
  return clustersOf(fleet).filter((cluster) => clusters.get(clusterKey(cluster)) === undefined);
}

/** Somebody else's cluster is a Problem unless the user allowed its use. */
export function judgeOwnership(fleet: Fleet, clusters: FoundClusters): Finding<ReadonlyMap<string, Ownership>> {
  const found = new Map<string, Ownership>();
  const problems: Problem[] = [];
  for (const cluster of clustersOf(fleet)) {
    const ownership = ownershipOf(fleet.id, clusters.get(clusterKey(cluster)));
    found.set(clusterKey(cluster), ownership);
    if (ownership === 'existing' && !fleet.useExisting) problems.push(notOurs(fleet.name, cluster));
  }
  return { found, problems, warnings: [] };
}

function ownershipOf(fleetId: string, found: Cluster | undefined): Ownership {
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
