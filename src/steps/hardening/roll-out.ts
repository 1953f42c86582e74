/** Waits until every component of Karmada runs as it is specified, and replaces the members of etcd one at a time. */

import { etcdStatefulSet } from '../../access/etcd.js';
import type { CallContext } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { karmadaNamespace } from '../../fleet/names.js';
import { karmadaHealth, karmadaWorkloads, unhealthy } from '../../status/karmada-health.js';
import { explainedByPods } from '../../status/stuck-pods.js';
import type { ComponentWorkload } from '../../tools/kubectl/objects.js';
import { type FleetContext, minutes, parentAccess, seconds } from '../context.js';
import { waitUntil } from '../wait-until.js';

/**
 * Every component has all its pods, of the newest template and ready.
 * @throws Problem `karmada-unhealthy` after ten minutes
 */
export async function awaitRollouts(context: FleetContext, call: CallContext): Promise<void> {
  let last = '';
  const access = parentAccess(context);
  const onTimeout = async (): Promise<Problem> => {
    const problem = new Problem('karmada-unhealthy', {
      what: `a component of Karmada in ${context.fleet.parent.cluster} did not become complete within 10 minutes`,
      why: last,
      next: [
        `find out why: kubectl --kubeconfig ${access.kubeconfig} -n ${karmadaNamespace} get pods`,
        'fix the cause (a node that is missing, too small or cordoned), then run the same command again',
      ],
    });
    return await explainedByPods(context.clients, access, problem, call);
  };
  const patience = { everyMs: seconds(2), limitMs: minutes(10), onTimeout };
  await waitUntil(context, call, patience, async () => {
    const workloads = await karmadaWorkloads(context.clients, access, call);
    const moving = workloads.filter((each) => !isRolledOut(each));
    if (moving.length === 0) return true;
    const why = unhealthy(await karmadaHealth(context.clients, access, call));
    const now = why.length > 0 ? why.join('; ') : moving.map(({ metadata }) => metadata.name).join(', ');
    if (now !== last) call.say(`waiting for ${now}`);
    last = now;
    return false;
  });
}

/**
 * Kubernetes alone waits only for the member that it replaced; a partition makes it wait for all three before each (kubernetes,
 * pkg/controller/statefulset/stateful_set_control.go, performUpdate).
 */
export async function rollEtcd(
  context: FleetContext,
  patch: { readonly spec: object },
  call: CallContext,
): Promise<void> {
  const access = parentAccess(context);
  const { kubectl } = context.clients;
  const replicas = (await karmadaWorkloads(context.clients, access, call)).find(
    ({ metadata }) => metadata.name === etcdStatefulSet.name,
  )?.spec.replicas;
  for (let partition = (replicas ?? 1) - 1; partition >= 0; partition -= 1) {
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition } };
    await kubectl.strategicPatch(access, etcdStatefulSet, { spec: { ...patch.spec, updateStrategy } }, call);
    await awaitRollouts(context, call);
  }
}

/** How many pods may keep an older template: those below a partition, and all where only deleted pods get the newest one. */
export function heldBack({ spec: { replicas = 1, updateStrategy } }: ComponentWorkload): number {
  return updateStrategy?.type === 'OnDelete' ? replicas : (updateStrategy?.rollingUpdate?.partition ?? 0);
}

/** Whether the controller has seen the last change and every pod has it (as `kubectl rollout status`: kubectl pkg/polymorphichelpers/rollout_status.go). */
export function isRolledOut(workload: ComponentWorkload): boolean {
  const { metadata, spec, status } = workload;
  const wanted = spec.replicas ?? 1;
  return (
    (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0) &&
    (status?.updatedReplicas ?? 0) >= wanted - heldBack(workload) &&
    (status?.readyReplicas ?? 0) >= wanted &&
    (status?.replicas ?? 0) <= wanted
  );
}
