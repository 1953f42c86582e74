/**
 * Waits for the control plane of a cluster that is being created: it responds long before the cluster has its nodes.
 */

import { silenceOf } from '../../access/endpoints/silent-endpoint.js';
import type { Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import type { FleetMemberCluster } from '../../fleet/fleet.js';
import { placeName } from '../../world/place.js';
import { type FleetContext, minutes, seconds } from '../context.js';
import { waitUntil } from '../wait-until.js';
import { isOurs } from './probe-endpoint.js';

/** Expected: 13:13 to 16:11 minutes in a third party's runs in 21 regions. */
export function awaitControlPlane(context: FleetContext, cluster: FleetMemberCluster): Step {
  const isActive = async (): Promise<boolean> => {
    const found = await context.clients.eks(cluster).cluster(cluster.cluster);
    if (found === undefined || !isOurs(context, found)) return false;
    // Where it stays silent its creation fails, and this is given up with it.
    return !context.fleet.privateEndpoints || (await silenceOf(context.clients.world, found)) === undefined;
  };
  const patience = {
    everyMs: seconds(20),
    limitMs: minutes(90),
    onTimeout: () =>
      new Problem('cluster-create-failed', {
        what: `the control plane of EKS cluster ${cluster.cluster} in ${placeName(cluster)} was not active within 90 minutes`,
        next: ['check the cluster in the EKS console', 'run the same command again'],
      }),
  };
  return {
    id: `control-plane/${cluster.scope}`,
    title: `wait for the control plane of ${cluster.cluster}`,
    scope: cluster.scope,
    expectedMs: minutes(14),
    preview: () => ({ changes: [], commands: [] }),
    check: async () => ({ state: (await isActive()) ? 'ready' : 'absent' }),
    apply: async (call) => {
      await waitUntil(context, call, patience, isActive);
    },
  };
}
