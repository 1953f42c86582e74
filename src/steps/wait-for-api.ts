/** Waits until a Kubernetes API responds: access entries and load balancers take a while to propagate. */

import { principalOf } from '../aws/refused-role.js';
import type { CallContext } from '../engine/step.js';
import { Problem } from '../errors/problem.js';
import type { EksCluster } from '../fleet/fleet.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { placeName } from '../world/place.js';
import { type FleetContext, minutes, seconds } from './context.js';
import { accessEntryCommands } from './kubeconfig/access-entry.js';
import { waitUntil } from './wait-until.js';

/** An access entry that was made just now takes effect within seconds. */
const propagationMs = seconds(30);

/**
 * @param cluster the EKS cluster that admits by access entries, if it is one
 * @throws Problem `cluster-unreachable` after five minutes, or when a cluster goes on refusing who asks
 */
export async function waitForApi(
  context: FleetContext,
  access: KubeAccess,
  call: CallContext,
  cluster?: EksCluster,
): Promise<void> {
  const { kubectl, world } = context.clients;
  const start = world.clock.now();
  await waitUntil(
    context,
    call,
    {
      everyMs: seconds(5),
      limitMs: minutes(5),
      onTimeout: () =>
        new Problem('cluster-unreachable', {
          what: `the Kubernetes API of ${access.context} did not become ready within 5 minutes`,
          next: [
            `try it: kubectl --kubeconfig ${access.kubeconfig} get --raw /readyz`,
            'check that this machine can reach it, then run the same command again',
          ],
        }),
    },
    async () => {
      if (await kubectl.isReady(access, call)) return true;
      const isLate = cluster !== undefined && world.clock.now() - start >= propagationMs;
      if (isLate && (await kubectl.isUnauthorized(access, call))) throw unauthorized(context, access, cluster);
      return false;
    },
  );
}

function unauthorized({ caller }: FleetContext, access: KubeAccess, cluster: EksCluster): Problem {
  const principal = cluster.account?.role ?? principalOf(caller.arn);
  const [create, associate] = accessEntryCommands(cluster, principal);
  return new Problem('cluster-unreachable', {
    what: `the Kubernetes API of ${access.context} does not admit ${principal}: Unauthorized`,
    why: `EKS cluster ${cluster.cluster} in ${placeName(cluster)} has no access entry for it that takes effect`,
    next: [
      `let somebody who administers the cluster run: ${create}`,
      `and: ${associate}`,
      'then run the same command again',
    ],
  });
}
