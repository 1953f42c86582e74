/** Empties and removes namespaces that were deleted. */
import type { ApiState } from '../../state.js';
import { requestDeletion } from '../api-server/deletion.js';
import { dropObject, listObjects } from '../api-server/store.js';
import { elapsed, type Tick } from '../tick.js';

/** How long a namespace takes to go at least (observed with 1.18.2: ~11 s). */
const namespaceMs = 11_000;

export function settleNamespaces(tick: Tick, api: ApiState): void {
  for (const namespace of listObjects(api, 'namespaces', '')) {
    if (namespace.metadata.deletionTimestamp === undefined) continue;
    const over = elapsed(tick, namespace, 'deletingSince', true, namespaceMs);
    const left = contents(api, namespace.metadata.name);
    for (const [plural, object] of left) {
      if (object.metadata.deletionTimestamp === undefined) requestDeletion(tick.at, api, plural, object);
    }
    if (over && contents(api, namespace.metadata.name).length === 0) {
      dropObject(api, 'namespaces', namespace);
      tick.wake(tick.at);
    }
  }
}

function contents(api: ApiState, namespace: string) {
  return Object.entries(api.objects).flatMap(([key, object]) => {
    const [plural = '', of = ''] = key.split('/');
    return of === namespace ? [[plural, object] as const] : [];
  });
}
