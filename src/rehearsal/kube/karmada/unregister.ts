/** `kubectl karmada unregister` (1.18.2, unregister/unregister.go): removes a pull member; its karmada-system stays. */

import { readArguments, unmodelled } from '../../arguments.js';
import { textAt } from '../../json.js';
import type { ToolProcess } from '../../simulation.js';
import type { ApiState } from '../../state.js';
import { openApi } from '../access/access.js';
import { isServed } from '../controllers/clusters.js';
import { karmadaNamespace as namespace } from '../controllers/control-plane.js';
import { removeKarmadaRbac } from './agent-objects.js';
import { deleteCluster, durationMs, listClusters } from './cluster-api.js';
import { fail, klog, waitUntil } from './klog.js';
import { remove, removeMemberRbac } from './member-rbac.js';

const expected = {
  values: 'karmada-config karmada-context cluster-kubeconfig cluster-context wait',
};

export async function runUnregister(process: ToolProcess, argv: readonly string[]): Promise<number> {
  const args = readArguments('kubectl-karmada', process, argv, expected);
  const [name = '', ...more] = args.positional;
  const waitMs = durationMs(args.value('wait') || '60s');
  if (name === '' || more.length > 0 || waitMs === undefined || !args.has('karmada-config')) {
    throw unmodelled('kubectl-karmada', process);
  }
  const { api: karmada } = await openApi(process, args.value('karmada-config'), args.value('karmada-context'));
  const target = listClusters(process, karmada).find((cluster) => cluster.metadata.name === name);
  if (target === undefined) return fail(process, `no cluster object ${name} found in karmada control Plane`);
  if (textAt(target, 'spec', 'syncMode') === 'Push') {
    return fail(
      process,
      `cluster ${name} is a Push mode member cluster, please use command \`unjoin\` if you want to continue unjoining the cluster`,
    );
  }
  const began = process.simulation.now();
  // First the agent has to take out what Karmada put there: with a dead one it ends here, and the Cluster object stays.
  const stuck = await waitUntil(process, waitMs, () =>
    isServed(process, karmada, target) ? undefined : 'context deadline exceeded',
  );
  if (stuck !== undefined) {
    klog(process, 'E', `Failed to delete works object. cluster name: ${name}, error: ${stuck}`);
    return fail(process, stuck);
  }
  const error = await deleteCluster(process, karmada, name, waitMs - (process.simulation.now() - began));
  if (error !== undefined) {
    klog(process, 'E', `Failed to delete cluster object. cluster name: ${name}, error: ${error}`);
    return fail(process, error);
  }
  removeKarmadaRbac(karmada, name, process.simulation.now());
  const member = await openApi(process, args.value('cluster-kubeconfig'), args.value('cluster-context'));
  cleanMember(process, member.api, name);
  return 0;
}

function cleanMember(process: ToolProcess, member: ApiState, name: string): void {
  const now = process.simulation.now();
  removeMemberRbac(now, member, name);
  const agent = [
    ['deployments', namespace, 'karmada-agent'],
    ['serviceaccounts', namespace, 'karmada-agent-sa'],
    ['clusterroles', '', 'karmada-agent'],
    ['clusterrolebindings', '', 'karmada-agent'],
    ['secrets', namespace, 'karmada-kubeconfig'],
  ] as const;
  for (const [plural, home, object] of agent) remove(now, member, plural, home, object);
}
