/** Who owns the Karmada in a cluster, by the marks next to it. */

import { loadBalancerService } from '../access/load-balancer.js';
import type { Clients } from '../clients/clients.js';
import { fleetTag } from '../fleet/names.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { anyObject } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import { readFleetConfigMap } from './fleet-configmap.js';

interface KarmadaOwner {
  /** Undefined: the ConfigMap names none. */
  readonly fleetId: string | undefined;
}

/** Undefined if nothing names a fleet. Without its ConfigMap, the load balancer's Service still does. */
export async function karmadaOwner(
  clients: Clients,
  parent: KubeAccess,
  call: Call,
): Promise<KarmadaOwner | undefined> {
  const mark = await readFleetConfigMap(clients, parent, call);
  if (mark !== undefined) return { fleetId: mark.fleetId };
  const service = await clients.kubectl.get(parent, loadBalancerService, anyObject, call);
  const fleetId = service?.metadata.labels?.[fleetTag];
  return fleetId === undefined ? undefined : { fleetId };
}
