/** Whether those who must reach the endpoints of clusters do, or will. */
import { isServing } from '../../access/eks-kubeconfig.js';
import type { Clients } from '../../clients/clients.js';
import type { Diagnostic } from '../../errors/problem.js';
import type { Fleet } from '../../fleet/fleet.js';
import type { ApiAccess } from '../../model/api-access.js';
import { type Checked, clusterKey } from '../../model/facts.js';
import { judgePublicAccess } from '../public-access.js';
import type { RoomFor } from '../room.js';
import { judgeExisting } from './existing-endpoints.js';
import { judgePrivateEndpoints } from './private-endpoints.js';

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
  sourceRanges: Promise<Checked<ApiAccess>>,
  joins: boolean,
): EndpointChecks {
  return {
    publicAccess: Promise.all([networks, sourceRanges]).then(([found, { found: access }]) =>
      judgePublicAccess(fleet, made, found, access),
    ),
    privateEndpoints: Promise.all([networks, clusters]).then(async ([found, there]) => {
      // One that a killed run began still has to be finished.
      const missing = made.filter((each) => !isServing(there.get(clusterKey(each))));
      return [
        ...(await judgePrivateEndpoints(clients, fleet, missing, found)),
        ...(await judgeExisting(clients, fleet, { clusters: there, networks: found, joins })),
      ];
    }),
  };
}
