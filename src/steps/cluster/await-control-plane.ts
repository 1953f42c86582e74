/**
 * Waits for the control plane of a cluster that is being created: it responds long before the cluster has its nodes.
 */

import type { Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import type { FleetMemberCluster } from '../../fleet/fleet.js';
import { fleetTag } from '../../fleet/names.js';
import { type FleetContext, minutes, seconds } from '../context.js';
import { waitUntil } from '../wait-until.js';

/** Expected: 13:13 to 16:11 minutes in a third party's runs in 21 regions. */
export function awaitControlPlane(context: FleetContext, cluster: FleetMemberCluster): Step {
  const isActive = async (): Promise<boolean> => {
    const found = await context.clients.eks(cluster).cluster(cluster.cluster);
    const answers = found?.status === 'ACTIVE' || found?.status === 'UPDATING';
    return answers && found.tags?.[fleetTag] === context.fleet.id;
  };
  const patience = {
    everyMs: seconds(20),
    limitMs: minutes(90),
    onTimeout: () =>
      new Problem('cluster-create-failed', {
        what: `the control plane of EKS cluster ${cluster.cluster} in ${cluster.region} was not active within 90 minutes`,
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
