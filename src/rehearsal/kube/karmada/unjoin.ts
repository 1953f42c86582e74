/** `kubectl karmada unjoin` and `unregister` (1.18.2, unjoin/unjoin.go, unregister/unregister.go): a push or a pull member leaves. */

import type { Arguments } from '../../arguments.js';
import { textAt } from '../../json.js';
import type { ToolProcess } from '../../simulation.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { openApi } from '../access/access.js';
import { requestDeletion } from '../api-server/deletion.js';
import { Refusal } from '../api-server/refusal.js';
import { findObject } from '../api-server/store.js';
import { forgetCluster, isServed } from '../controllers/clusters.js';
import { durationOf, listClusters } from './cluster-api.js';
import { failure, klog, waitUntil } from './klog.js';
import { removeAgent, removeKarmadaRbac, removeMemberRbac } from './member-objects.js';

/** Waits for the Cluster object to go, then cleans up the member. */
export async function runUnjoin(process: ToolProcess, args: Arguments): Promise<number> {
  const [name = ''] = args.positional;
  const waitMs = durationOf(process, args, 'wait', '60s');
  const { api: karmada } = await openApi(process, args.value('kubeconfig'), args.value('karmada-context'));
  const target = leavingMember(process, karmada, name, 'Push');
  const force = args.has('force');
  const error = await deleteCluster(process, karmada, target, waitMs);
  // With --force the finalizers are taken away; what is in the member stays there (observed with 1.18.2, 2026-11-22).
  if (error !== undefined && !force) throw notDeleted(process, 'cluster', name, error);
  if (error !== undefined) {
    forgetCluster(karmada, target);
    klog(process, 'I', 'Forced deletion is complete.');
  }
  if (!args.has('cluster-kubeconfig')) return 0;
  try {
    const member = await openApi(process, args.value('cluster-kubeconfig'), args.value('cluster-context') || name);
    removeMemberRbac(process.simulation.now(), member.api, name);
  } catch (thrown) {
    // With --force a member that does not respond is reported and skipped (observed with 1.18.2, 2026-11-22).
    if (!(thrown instanceof Refusal) || !force) throw thrown;
    for (const what of ['cluster role binding', 'cluster role', 'service account', 'namespace']) {
      const text = `Force deletion. Could not delete ${what} in unjoining cluster "${name}": ${thrown.message}`;
      klog(process, 'E', text);
    }
  }
  return 0;
}

/** First the agent has to take out what Karmada put there: with a dead one it ends here, and the Cluster object stays. */
export async function runUnregister(process: ToolProcess, args: Arguments): Promise<number> {
  const { simulation } = process;
  const [name = ''] = args.positional;
  const deadline = simulation.now() + durationOf(process, args, 'wait', '60s');
  const { api: karmada } = await openApi(process, args.value('karmada-config'), args.value('karmada-context'));
  const target = leavingMember(process, karmada, name, 'Pull');
  const left = (): number => deadline - simulation.now();
  const served = () => (isServed(process, karmada, target) ? undefined : 'context deadline exceeded');
  const unserved = await waitUntil(process, left(), served);
  if (unserved !== undefined) throw notDeleted(process, 'works', name, unserved);
  const error = await deleteCluster(process, karmada, target, left());
  if (error !== undefined) throw notDeleted(process, 'cluster', name, error);
  removeKarmadaRbac(karmada, name, simulation.now());
  const member = await openApi(process, args.value('cluster-kubeconfig'), args.value('cluster-context'));
  removeMemberRbac(simulation.now(), member.api, name);
  removeAgent(member.api, simulation.now());
  return 0;
}

/** The Cluster object; each of the two commands refuses the other's members. */
function leavingMember(process: ToolProcess, karmada: ApiState, name: string, mode: 'Push' | 'Pull'): KubeObjectState {
  const target = listClusters(process, karmada).find((cluster) => cluster.metadata.name === name);
  if (target === undefined) throw failure(`no cluster object ${name} found in karmada control Plane`);
  const found = textAt(target, 'spec', 'syncMode');
  if (found === mode) return target;
  const [command, doing] = mode === 'Pull' ? ['unjoin', 'unjoining'] : ['unregister', 'unregistering'];
  const advice = `please use command \`${command}\` if you want to continue ${doing} the cluster`;
  throw failure(`cluster ${name} is a ${found} mode member cluster, ${advice}`);
}

/** Deletes a Cluster object and waits for its controllers to clean up; answers the error, or undefined. */
function deleteCluster(
  process: ToolProcess,
  karmada: ApiState,
  cluster: KubeObjectState,
  waitMs: number,
): Promise<string | undefined> {
  requestDeletion(process.simulation.now(), karmada, 'clusters', cluster);
  return waitUntil(process, waitMs, () => {
    const found = findObject(karmada, 'clusters', '', cluster.metadata.name);
    return found === undefined ? undefined : 'context deadline exceeded';
  });
}

function notDeleted(process: ToolProcess, what: 'works' | 'cluster', name: string, error: string): Refusal {
  klog(process, 'E', `Failed to delete ${what} object. cluster name: ${name}, error: ${error}`);
  return failure(error);
}
