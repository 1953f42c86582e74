/** Whether eksctl and kubectl, which run here, will reach the limited public endpoints of the clusters that are to be made. */
import { isReal, ownAddress } from '../../access/own-address.js';
import type { Clients } from '../../clients/clients.js';
import { Problem } from '../../errors/problem.js';
import type { Fleet, FleetMemberCluster } from '../../fleet/fleet.js';
import { everyone } from '../../model/api-access.js';
import { admits } from '../../model/cidr.js';
import { clusterKey, type Network } from '../../model/facts.js';
import { publicAccessTo } from '../public-access.js';
import { standsIn } from './private-endpoints.js';

type Networks = ReadonlyMap<string, Network>;

/**
 * Problem `address-shut-out` if it is seen that they will not: nodes would be waited for in vain, after control planes are paid for. An
 * address that cannot be found out is no evidence. @throws Problem of a call of EC2 that failed
 */
export async function judgeThisMachine(
  clients: Clients,
  fleet: Fleet,
  missing: readonly FleetMemberCluster[],
  networks: Networks,
): Promise<readonly Problem[]> {
  if (fleet.publicAccess.length === 0 || fleet.publicAccess.includes(everyone) || missing.length === 0) return [];
  const address = await ownAddress(clients.world);
  if (typeof address !== 'string' || !isReal(address)) return [];
  const outside = missing.filter((cluster) => !admits(publicAccessTo(fleet, cluster, networks), address));
  const inside = await Promise.all(outside.map((cluster) => isInside(clients, cluster, networks)));
  const closed = outside.filter((_, index) => inside[index] !== true).map(({ cluster }) => cluster);
  return closed.length === 0 ? [] : [shutsOut(address, closed)];
}

/** There the names of endpoints lead to their private addresses. */
async function isInside(clients: Clients, cluster: FleetMemberCluster, networks: Networks): Promise<boolean> {
  const network = networks.get(clusterKey(cluster));
  if (network === undefined || network.planned !== undefined) return false;
  return await standsIn(clients, cluster, network, clients.world.ownInterfaces());
}

function shutsOut(address: string, closed: readonly string[]): Problem {
  return new Problem('address-shut-out', {
    what: `this machine’s address ${address} may not reach the endpoints of new clusters (${closed.join(', ')}), so they could not be managed from here`,
    why: '--public-access-cidr does not have it, and eksctl and kubectl call these endpoints from here',
    next: [
      `add it: --public-access-cidr ${address}/32 (repeatable)`,
      'or run the command on a machine with an address that is allowed, or in the VPC of the clusters',
    ],
  });
}
