/** `kubectl karmada deinit` (1.18.2): deletes what init labelled; namespace, claims, other Services and local files stay. */

import type { Arguments } from '../../arguments.js';
import type { ToolProcess } from '../../simulation.js';
import { openApi } from '../access/access.js';
import { requestDeletion } from '../api-server/deletion.js';
import { Refusal } from '../api-server/refusal.js';
import { findObject, listObjects } from '../api-server/store.js';
import { karmadaNamespace as namespace } from '../controllers/control-plane.js';
import { settleApis } from '../settle.js';
import { bootstrapping } from './components.js';

const stepMs = 100;

/** In the order of 1.18.2, deinit/deinit.go. */
const deleted = ['deployments', 'statefulsets', 'services', 'secrets'] as const;

export async function runDeinit(process: ToolProcess, args: Arguments): Promise<number> {
  const { api } = await openApi(process, args.value('kubeconfig'), args.value('context'));
  const home = findObject(api, 'namespaces', '', namespace);
  if (home === undefined) throw new Refusal('NotFound', `namespaces "${namespace}" not found`);
  if (!args.has('force')) {
    process.out('Please type (y)es or (n)o and then press enter:EOF');
    return 1;
  }
  const { simulation } = process;
  for (const plural of deleted) {
    for (const object of listObjects(api, plural, namespace)) {
      if (object.metadata.labels?.[bootstrapping] === undefined) continue;
      await process.takes(stepMs);
      requestDeletion(simulation.now(), api, plural, object);
      settleApis(simulation);
    }
  }
  if (args.has('purge-namespace')) requestDeletion(simulation.now(), api, 'namespaces', home);
  process.out('remove Karmada from Kubernetes successfully.');
  return 0;
}
