/** Every EKS cluster in a region, whoever created it. */
import pMap, { pMapSkip } from 'p-map';
import type { Cluster } from '../aws/eks.js';
import type { Clients } from '../clients/clients.js';

/** EKS lists names only: each cluster is described by itself. One that is deleted meanwhile is left out. */
export async function regionClusters(
  { eks, concurrency }: Pick<Clients, 'eks' | 'concurrency'>,
  region: string,
): Promise<readonly Cluster[]> {
  const client = eks(region);
  return await pMap(await client.clusters(), async (name) => (await client.cluster(name)) ?? pMapSkip, { concurrency });
}
