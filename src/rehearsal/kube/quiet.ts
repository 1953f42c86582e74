/** Knows in which APIs nothing is under way: with a hundred members, nearly all, and they need not be looked at. */

import { textAt } from '../json.js';
import type { ApiState } from '../state.js';
import { revisionOf } from './api-server/revisions.js';
import { findObject, listObjects } from './api-server/store.js';
import { karmadaNamespace } from './controllers/control-plane.js';
import { notedText } from './tick.js';

/** By API: the revision at which its controllers had nothing to do and nothing to wait for. */
const restingAt = new WeakMap<ApiState, number>();

/** Whether nothing has been written into an API since its controllers came to rest. */
export function isQuiet(api: ApiState): boolean {
  const rested = restingAt.get(api);
  return rested !== undefined && rested === revisionOf(api);
}

/** To be called after a look at an API for which no controller wants another one. */
export function cameToRest(api: ApiState): void {
  if (!dependsOnOthers(api)) restingAt.set(api, revisionOf(api));
}

/** AWS changes what becomes of Services with a load balancer and of claims, the Karmada API what becomes of an agent. */
function dependsOnOthers(api: ApiState): boolean {
  if (api.kind === 'karmada') return true;
  const agent = findObject(api, 'deployments', karmadaNamespace, 'karmada-agent');
  if (agent !== undefined && notedText(agent, 'registered') === undefined) return true;
  const volumes = ['persistentvolumeclaims', 'persistentvolumes'];
  return (
    volumes.some((plural) => listObjects(api, plural).length > 0) ||
    listObjects(api, 'services').some((service) => textAt(service, 'spec', 'type') === 'LoadBalancer')
  );
}
