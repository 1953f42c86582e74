/**
 * Waits until a cluster that is being created can run Karmada: its nodes and the add-ons that Karmada needs are there, whatever else
 * eksctl still waits for.
 */

import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { defaults } from '../../fleet/defaults.js';
import type { FleetMemberCluster } from '../../fleet/fleet.js';
import { placeName } from '../../world/place.js';
import { isImpaired } from '../cluster/addons/addon-health.js';
import { addonsOf } from '../cluster/cluster-config.js';
import { missingParts, readClusterState, unfinished } from '../cluster/cluster-state.js';
import { type CreateContext, minutes, seconds } from '../context.js';
import { type Patience, waitUntil } from '../wait-until.js';

/** eksctl adds metrics-server, and waits for it, after the driver (0.230.0, pkg/actions/addon/tasks.go). */
export function awaitNodes(context: CreateContext, cluster: FleetMemberCluster): Step {
  const patience = (call: CallContext): Patience => ({
    everyMs: seconds(10),
    limitMs: minutes(90),
    onTimeout: async () =>
      new Problem('node-group-failed', {
        what: `the nodes of EKS cluster ${cluster.cluster} in ${placeName(cluster)} were not ready within 90 minutes`,
        why: await unfinished(context, cluster, call),
        next: ['check the cluster in the EKS console', 'run the same command again'],
      }),
  });
  return {
    id: `nodes/${cluster.scope}`,
    title: `wait for the nodes and the volume driver of ${cluster.cluster}`,
    scope: cluster.scope,
    expectedMs: minutes(17),
    preview: () => ({ changes: [], commands: [] }),
    check: async (call) => ({ state: (await isUsable(context, cluster, call)) ? 'ready' : 'absent' }),
    apply: async (call) => {
      await waitUntil(context, call, patience(call), () => isActive(context, cluster));
    },
  };
}

/** What is active is usable, and so is what `create-cluster` leaves as it is, e.g. a driver that others installed. */
async function isUsable(context: CreateContext, cluster: FleetMemberCluster, call: CallContext): Promise<boolean> {
  if (await isActive(context, cluster)) return true;
  const look = await readClusterState(context, cluster, call);
  return look.kind === 'active' && missingParts(context, look).length === 0;
}

/** By EKS alone, for it is asked again and again. An add-on that is made and unhealthy is left as it is, and not waited for. */
async function isActive(context: CreateContext, cluster: FleetMemberCluster): Promise<boolean> {
  const eks = context.clients.eks(cluster);
  const found = await eks.cluster(cluster.cluster);
  if (found?.status !== 'ACTIVE' && found?.status !== 'UPDATING') return false;
  const groups = await eks.nodeGroups(cluster.cluster);
  if (groups.find(({ nodegroupName }) => nodegroupName === defaults.nodeGroup)?.status !== 'ACTIVE') return false;
  const addons = addonsOf(cluster.role).map(({ name }) => eks.addon(cluster.cluster, name));
  return (await Promise.all(addons)).every((addon) => addon?.status === 'ACTIVE' || isImpaired(addon));
}
