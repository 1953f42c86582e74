/** Whether an AWS Load Balancer Controller in the parent would take over the Service of the Karmada API. */

import { accessCluster } from '../access/cluster-access.js';
import type { Cluster } from '../aws/eks.js';
import type { Clients } from '../clients/clients.js';
import { ok, unchecked, warning } from '../errors/diagnostic.js';
import type { Diagnostic } from '../errors/problem.js';
import type { Fleet } from '../fleet/fleet.js';
import type { FleetPaths } from '../fleet/paths.js';
import { anyObject } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import { ownRegion } from '../world/place.js';

/** The webhook that gives each new LoadBalancer Service the controller's class (controller 2.5 and newer). */
const webhook = { kind: 'mutatingwebhookconfigurations', name: 'aws-load-balancer-webhook' };

/** Asks the parent's own API; a parent that is not there yet has no such controller. */
export async function checkController(
  clients: Clients,
  fleet: Fleet,
  paths: FleetPaths,
  parent: Cluster | undefined,
  call: Call,
): Promise<readonly Diagnostic[]> {
  if (parent === undefined) return [];
  const context = fleet.parent.cluster;
  const access = await accessCluster(clients, paths, { context, ...ownRegion(fleet.parent.region) }, parent);
  if (access === undefined) {
    const what = `EKS cluster ${context} is ${parent.status ?? 'in an unknown state'}`;
    return [unchecked({ what, next: ['wait until it is ACTIVE'] })];
  }
  const found = await clients.kubectl.get(access, webhook, anyObject, call);
  if (found === undefined) return [ok(`no AWS Load Balancer Controller in ${context}`)];
  const what = `an AWS Load Balancer Controller in ${context} takes over new load balancer Services, including that of the Karmada API`;
  const why = `webhook ${webhook.name}; the Service also carries this controller’s annotations, but while the webhook is broken no Service can be created`;
  return [warning({ what, why, next: ['check that its Deployment is healthy before up'] })];
}
