/** Every EKS cluster in a region, whoever created it. */

import pMap, { pMapSkip } from 'p-map';
import type { Cluster } from '../aws/eks.js';
import type { Clients } from '../clients/clients.js';
import type { AwsPlace } from '../world/place.js';

/** EKS lists names only: each cluster is described by itself. One that is deleted meanwhile is left out. */
export async function regionClusters(
  { eks, concurrency }: Pick<Clients, 'eks' | 'concurrency'>,
  place: AwsPlace,
): Promise<readonly Cluster[]> {
  const client = eks(place);
  return await pMap(await client.clusters(), async (name) => (await client.cluster(name)) ?? pMapSkip, { concurrency });
}
