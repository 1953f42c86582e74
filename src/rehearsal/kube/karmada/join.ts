/** `kubectl karmada join` (1.18.2, join/join.go): makes a cluster a push member. */

import { type Arguments, wordsIn } from '../../arguments.js';
import { textAt } from '../../json.js';
import type { ToolProcess } from '../../simulation.js';
import { openApi } from '../access/access.js';
import { builtIn, createObject } from '../api-server/store.js';
import { clusterId, clusterObject } from '../controllers/karmada-agent.js';
import { checkName, listClusters } from './cluster-api.js';
import { failure } from './klog.js';
import { writeCredentials, writeMemberRbac } from './member-objects.js';

/** The waits add up to the observed ~4.5 s. */
export async function runJoin(process: ToolProcess, args: Arguments): Promise<number> {
  const [name = ''] = args.positional;
  checkName(name);
  const member = await openApi(process, args.value('cluster-kubeconfig'), args.value('cluster-context'));
  const { api: karmada } = await openApi(process, args.value('kubeconfig'), args.value('karmada-context'));
  const id = clusterId(member.api);
  const taken = listClusters(process, karmada).some(
    (cluster) => cluster.metadata.name === name || textAt(cluster, 'spec', 'id') === id,
  );
  if (taken) throw failure(`the cluster ID ${id} or the cluster name ${name} has been registered`);
  const now = () => process.simulation.now();
  await process.takes(500);
  writeMemberRbac(member.api, name, now());
  await process.takes(1_800);
  writeCredentials(karmada, name, now());
  await process.takes(1_000);
  const zones = wordsIn(args.value('cluster-zones'), ',');
  const place = { provider: args.value('cluster-provider'), region: args.value('cluster-region'), zones };
  const manifest = clusterObject(member.api, { name, syncMode: 'Push', endpoint: member.server, ...place });
  createObject(karmada, builtIn('clusters'), manifest, now());
  await process.takes(300);
  process.out(`cluster(${name}) is joined successfully`);
  return 0;
}
