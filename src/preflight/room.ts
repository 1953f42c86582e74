/** Whether the account and its subnets have room for the clusters still to be created; nothing is read when all are there. */
import { capacityOf, usualCapacity } from '../aws/ec2/capacity.js';
import type { Clients } from '../clients/clients.js';
import { type Diagnostic, Problem } from '../errors/problem.js';
import type { Fleet, FleetMemberCluster } from '../fleet/fleet.js';
import { clusterKey, type Network } from '../model/facts.js';
import type { FoundClusters } from '../ownership/name-ownership.js';
import { missingClusters } from '../ownership/name-ownership.js';
import { judgeAddresses } from './network/addresses.js';
import { checkQuotas, type QuotaCheck } from './quotas.js';
import { checkVpcQuotas } from './vpc-quotas.js';

export interface RoomChecks {
  readonly addresses: Promise<readonly Diagnostic[]>;
  readonly quotas: Promise<readonly QuotaCheck[]>;
}

/** What is known when both are asked: `made` are the clusters that are not meant to exist already. */
export interface RoomFor {
  readonly made: readonly FleetMemberCluster[];
  readonly networks: Promise<ReadonlyMap<string, Network>>;
  readonly clusters: Promise<FoundClusters>;
}

export function checkRoom(clients: Clients, fleet: Fleet, { made, networks, clusters }: RoomFor): RoomChecks {
  return {
    addresses: Promise.all([networks, clusters]).then(([found, there]) =>
      checkAddresses(
        clients,
        fleet,
        made.filter((each) => there.get(clusterKey(each)) === undefined),
        found,
      ),
    ),
    quotas: Promise.all([clients.whoCalls(fleet.parent.region), clusters, networks]).then(
      async ([{ partition, account }, there, found]) => [
        ...(await checkQuotas(clients, fleet, missingClusters(fleet, there), partition)),
        ...(await checkVpcQuotas(clients, fleet, found.get(clusterKey(fleet.parent)), account)),
      ],
    ),
  };
}

/** A missing permission is no reason to refuse: then it counts what an `m5.large` has. */
async function checkAddresses(
  { world }: Clients,
  fleet: Fleet,
  missing: readonly FleetMemberCluster[],
  networks: ReadonlyMap<string, Network>,
): Promise<readonly Diagnostic[]> {
  const [first] = missing;
  if (first === undefined) return [];
  const capacity = await capacityOf(world.aws, first, fleet.instanceTypes).catch((thrown: unknown) => {
    if (thrown instanceof Problem && thrown.code === 'access-denied') return undefined;
    throw thrown;
  });
  return judgeAddresses({ fleet, missing, networks, capacity: capacity ?? usualCapacity });
}
