/** Whether those who must will reach the endpoints of new clusters, public or private. */
import type { Clients } from '../../clients/clients.js';
import type { Diagnostic } from '../../errors/problem.js';
import type { Fleet, FleetMemberCluster } from '../../fleet/fleet.js';
import type { ApiAccess } from '../../model/api-access.js';
import { type Checked, clusterKey } from '../../model/facts.js';
import { judgePublicAccess } from '../public-access.js';
import type { RoomFor } from '../room.js';
import { judgePrivateEndpoints } from './private-endpoints.js';

export interface EndpointChecks {
  /** Whether the endpoints of new clusters can be restricted as requested. */
  readonly publicAccess: Promise<readonly Diagnostic[]>;
  /** Whether private endpoints of new clusters will be reached. */
  readonly privateEndpoints: Promise<readonly Diagnostic[]>;
}

export function checkEndpoints(
  clients: Clients,
  fleet: Fleet,
  { made, networks, clusters }: RoomFor,
  sourceRanges: Promise<Checked<ApiAccess>>,
): EndpointChecks {
  const isMissing = async (): Promise<(cluster: FleetMemberCluster) => boolean> => {
    const there = await clusters;
    return (each) => there.get(clusterKey(each)) === undefined;
  };
  return {
    publicAccess: Promise.all([networks, sourceRanges]).then(([found, { found: access }]) =>
      judgePublicAccess(fleet, made, found, access),
    ),
    privateEndpoints: Promise.all([networks, isMissing()]).then(([found, missing]) =>
      judgePrivateEndpoints(clients, fleet, made.filter(missing), found),
    ),
  };
}
