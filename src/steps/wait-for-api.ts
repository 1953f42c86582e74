/** Waits until a Kubernetes API responds: access entries and load balancers take a while to propagate. */

import type { CallContext } from '../engine/step.js';
import { Problem } from '../errors/problem.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { type FleetContext, minutes, seconds } from './context.js';
import { waitUntil } from './wait-until.js';

/** @throws Problem `cluster-unreachable` after five minutes. */
export async function waitForApi(context: FleetContext, access: KubeAccess, call: CallContext): Promise<void> {
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
    () => context.clients.kubectl.isReady(access, call),
  );
}
