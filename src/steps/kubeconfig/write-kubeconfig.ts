/** Writes the fleet's own kubeconfig of one cluster, with a plain context name; the user's file is not touched. */
import { eksKubeconfig } from '../../access/eks-kubeconfig.js';
import type { Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import type { FleetMemberCluster } from '../../fleet/fleet.js';
import { placeName } from '../../world/place.js';
import { accessOf, type FleetContext, seconds } from '../context.js';
import { waitForApi } from '../wait-for-api.js';

/** The context of a cluster: a member's name in Karmada, or the parent's name in EKS. */
export function contextOf(cluster: FleetMemberCluster): string {
  return cluster.role === 'parent' ? cluster.cluster : cluster.scope;
}

export function writeKubeconfig(context: FleetContext, cluster: FleetMemberCluster): Step {
  const name = contextOf(cluster);
  const access = accessOf(context.paths, name);
  const { files } = context.clients.world;
  const expected = async (): Promise<string | undefined> => {
    const found = await context.clients.eks(cluster).cluster(cluster.cluster);
    return found === undefined ? undefined : await eksKubeconfig(context.clients.world, access, cluster, found);
  };
  return {
    id: `write-kubeconfig/${cluster.scope}`,
    title: `write the kubeconfig of ${name}`,
    scope: cluster.scope,
    expectedMs: seconds(3),
    preview: () => ({ changes: [`context ${name} in the fleet’s own kubeconfigs`], commands: [] }),
    check: async () => {
      const [there, wanted] = await Promise.all([files.read(access.kubeconfig), expected()]);
      return wanted !== undefined && there === wanted ? { state: 'ready' } : { state: 'absent' };
    },
    apply: async (call) => {
      const text = await expected();
      if (text === undefined) {
        const what = `EKS returned no endpoint for cluster ${cluster.cluster} in ${placeName(cluster)}`;
        throw new Problem('cluster-unreachable', { what, next: ['run the same command again'] });
      }
      await files.write(access.kubeconfig, text);
      await waitForApi(context, access, call, cluster);
    },
  };
}
