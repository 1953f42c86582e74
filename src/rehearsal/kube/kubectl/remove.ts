/** `kubectl delete TYPE NAME`, with `--wait=false` or `--cascade=orphan`. */

import { type Arguments, unmodelled } from '../../arguments.js';
import type { ToolProcess } from '../../simulation.js';
import type { ApiState } from '../../state.js';
import { requestDeletion } from '../api-server/deletion.js';
import { printedKind } from '../api-server/resources.js';
import { findTarget } from './target.js';

/** Without `--wait=false` kubectl waits until the object has gone: modelled only where it goes at once. */
export function removeObjects(process: ToolProcess, api: ApiState, args: Arguments): number {
  const orphan = args.value('cascade') === 'orphan';
  if (args.value('wait') !== 'false' && !orphan) throw unmodelled('kubectl', process);
  const { type, name, objects } = findTarget(process, api, args);
  if (name === undefined && args.value('selector') === '') throw unmodelled('kubectl', process);
  const tick = { simulation: process.simulation, at: process.simulation.now(), wake: () => undefined };
  for (const object of objects) {
    requestDeletion(tick, api, type.plural, object, orphan);
    const from = type.namespaced ? ` from ${object.metadata.namespace} namespace` : '';
    process.out(`${printedKind(type)} "${object.metadata.name}" deleted${from}`);
  }
  if (name === undefined && objects.length === 0) process.out('No resources found');
  return 0;
}
