/**
 * `kubectl karmada unjoin` (1.18.2, unjoin/unjoin.go): waits for the Cluster object to go, then cleans up the
 * member.
 */

import { type Arguments, readArguments, unmodelled } from '../../arguments.js';
import { textAt } from '../../json.js';
import type { ToolProcess } from '../../simulation.js';
import { openApi } from '../access/access.js';
import { Refusal } from '../api-server/refusal.js';
import { forgetCluster } from '../controllers/clusters.js';
import { deleteCluster, durationMs, listClusters } from './cluster-api.js';
import { fail, klog } from './klog.js';
import { removeMemberRbac } from './member-rbac.js';

const expected = {
  values: 'kubeconfig karmada-context cluster-kubeconfig cluster-context wait',
  switches: 'force',
};

export async function runUnjoin(process: ToolProcess, argv: readonly string[]): Promise<number> {
  const args = readArguments('kubectl-karmada', process, argv, expected);
  const [name = '', ...more] = args.positional;
  const waitMs = durationMs(args.value('wait') || '60s');
  if (name === '' || more.length > 0 || waitMs === undefined) throw unmodelled('kubectl-karmada', process);
  const { api: karmada } = await openApi(process, args.value('kubeconfig'), args.value('karmada-context'));
  const target = listClusters(process, karmada).find((cluster) => cluster.metadata.name === name);
  if (target === undefined) return fail(process, `no cluster object ${name} found in karmada control Plane`);
  if (textAt(target, 'spec', 'syncMode') === 'Pull') {
    return fail(
      process,
      `cluster ${name} is a Pull mode member cluster, please use command \`unregister\` if you want to continue unregistering the cluster`,
    );
  }
  const error = await deleteCluster(process, karmada, name, waitMs);
  const force = args.has('force');
  // With --force the finalizers are taken away; what is in the member stays there (observed with 1.18.2, 2026-11-22).
  if (error !== undefined && force) {
    forgetCluster(karmada, target);
    klog(process, 'I', 'Forced deletion is complete.');
  } else if (error !== undefined) {
    klog(process, 'E', `Failed to delete cluster object. cluster name: ${name}, error: ${error}`);
    return fail(process, error);
  }
  if (!args.has('cluster-kubeconfig')) return 0;
  return cleanMember(process, args, name, force);
}

/** With `--force` a member that does not respond is reported and skipped (observed with 1.18.2, 2026-11-22). */
async function cleanMember(process: ToolProcess, args: Arguments, name: string, force: boolean): Promise<number> {
  try {
    const member = await openApi(process, args.value('cluster-kubeconfig'), args.value('cluster-context') || name);
    removeMemberRbac(process.simulation.now(), member.api, name);
  } catch (thrown) {
    if (!(thrown instanceof Refusal) || !force) throw thrown;
    for (const what of ['cluster role binding', 'cluster role', 'service account', 'namespace']) {
      const text = `Force deletion. Could not delete ${what} in unjoining cluster "${name}": ${thrown.message}`;
      klog(process, 'E', text);
    }
  }
  return 0;
}
