/**
 * Whether what is read only once the first clusters are being created may be read: asked of what does not exist yet, for AWS
 * refuses before it looks. What eksctl may do cannot be known in this way: a policy of the organisation may depend on the request
 * (IAM User Guide, policy simulator).
 */
import pMap from 'p-map';
import type { Clients } from '../clients/clients.js';
import { okUnless } from '../errors/diagnostic.js';
import { type Diagnostic, Problem } from '../errors/problem.js';
import { defaults } from '../fleet/defaults.js';
import { clustersOf, type Fleet, type FleetCluster, isSameEksCluster } from '../fleet/fleet.js';
import { placeName } from '../world/place.js';

/** The name of a load balancer that nobody has: those of Services begin with a letter, too, and have a hash. */
const noBalancer = 'karmada-eks-none';

/** Problem `access-denied` for each read that is refused, of one cluster in each place; `missing` are the clusters still to be created. */
export async function checkLaterReads(
  clients: Clients,
  fleet: Fleet,
  missing: readonly FleetCluster[],
): Promise<readonly Diagnostic[]> {
  if (missing.length === 0) return [];
  const places = new Map(missing.toReversed().map((each) => [placeName(each), each]));
  const reads = [...places.values()].flatMap((each) => readsOf(clients, each, isSameEksCluster(each, fleet.parent)));
  const refused = await pMap(reads, refusalOf, { concurrency: clients.concurrency });
  const regions = [...new Set(clustersOf(fleet).map(({ region }) => region))];
  return okUnless(refused.flat(), `what is read later may be read in ${regions.join(', ')}`);
}

function readsOf(clients: Clients, cluster: FleetCluster, isParent: boolean): readonly (() => Promise<unknown>)[] {
  const eks = clients.eks(cluster);
  return [
    () => eks.nodeGroups(cluster.cluster),
    () => eks.nodeGroup(cluster.cluster, defaults.nodeGroup),
    () => eks.addon(cluster.cluster, 'vpc-cni'),
    ...(isParent ? [() => clients.ec2(cluster).loadBalancerInterfaces(noBalancer)] : []),
  ];
}

/** Whatever else goes wrong with a read of nothing is no reason to refuse. */
async function refusalOf(read: () => Promise<unknown>): Promise<readonly Problem[]> {
  try {
    await read();
    return [];
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code === 'interrupted' || thrown.code === 'rehearsal-unmodelled')
      throw thrown;
    return thrown.code === 'access-denied' ? [thrown] : [];
  }
}
