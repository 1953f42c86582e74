/** Whether those who must reach the endpoints of clusters do, or will. */
import { isServing } from '../../access/eks-kubeconfig.js';
import type { Clients } from '../../clients/clients.js';
import type { Diagnostic } from '../../errors/problem.js';
import type { Fleet, FleetMemberCluster } from '../../fleet/fleet.js';
import { clusterKey } from '../../model/facts.js';
import type { FoundClusters } from '../../ownership/name-ownership.js';
import { judgePublicAccess } from '../public-access.js';
import type { RoomFor } from '../room.js';
import { judgeExisting } from './existing-endpoints.js';
import { judgePrivateEndpoints } from './private-endpoints.js';
import { judgeThisMachine } from './this-machine.js';

export interface EndpointChecks {
  /** Whether the endpoints of new clusters can be restricted as requested. */
  readonly publicAccess: Promise<readonly Diagnostic[]>;
  /** Whether private endpoints of new clusters will be reached, and closed ones of clusters that are there are. */
  readonly privateEndpoints: Promise<readonly Diagnostic[]>;
}

/** `joins`: members join a control plane that is there. */
export function checkEndpoints(
  clients: Clients,
  fleet: Fleet,
  { made, networks, clusters }: RoomFor,
  joins: boolean,
): EndpointChecks {
  // One that a killed run began still has to be finished.
  const missingIn = (there: FoundClusters): readonly FleetMemberCluster[] =>
    made.filter((each) => !isServing(there.get(clusterKey(each))));
  return {
    publicAccess: Promise.all([networks, clusters]).then(async ([found, there]) =>
      judgePublicAccess(fleet, made, found, await judgeThisMachine(clients, fleet, missingIn(there), found)),
    ),
    privateEndpoints: Promise.all([networks, clusters]).then(async ([found, there]) => [
      ...(await judgePrivateEndpoints(clients, fleet, missingIn(there), found)),
      ...(await judgeExisting(clients, fleet, { clusters: there, networks: found, joins })),
    ]),
  };
}
