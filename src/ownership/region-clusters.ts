/** Every EKS cluster of a region, whoever made it. */
import pMap, { pMapSkip } from 'p-map';
import type { Cluster } from '../aws/eks.js';
import type { Clients } from '../clients/clients.js';

/** EKS lists names only: each cluster is described by itself. One that goes meanwhile is left out. */
export async function regionClusters(
  { eks, concurrency }: Pick<Clients, 'eks' | 'concurrency'>,
  region: string,
): Promise<readonly Cluster[]> {
  const client = eks(region);
  return await pMap(await client.clusters(), async (name) => (await client.cluster(name)) ?? pMapSkip, { concurrency });
}
