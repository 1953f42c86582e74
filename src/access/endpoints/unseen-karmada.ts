/** A Karmada that works in its parent, but does not answer this machine: what it holds is unknown, and must not be taken for nothing. */

import type { Clients } from '../../clients/clients.js';
import { Problem } from '../../errors/problem.js';
import type { Fleet } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { karmadaNamespace } from '../../fleet/names.js';
import type { KubeAccess } from '../../tools/kubectl/commands.js';
import { workload } from '../../tools/kubectl/objects.js';
import type { Call } from '../../tools/run.js';
import type { FleetAccess } from '../fleet-access.js';
import { elsewhere, shutOut } from '../own-address.js';

const apiServer = { kind: 'deployments', name: 'karmada-apiserver', namespace: karmadaNamespace } as const;

type Reach = Pick<FleetAccess, 'apis' | 'karmada' | 'loadBalancer'>;

/** Problem `address-shut-out` or `cluster-unreachable`; undefined: Karmada answers, or its API server has no ready pod. */
export async function unseenKarmada(
  clients: Clients,
  fleet: Fleet,
  reach: Reach,
  call: Call,
): Promise<Problem | undefined> {
  const { apis, karmada, loadBalancer } = reach;
  const parent = apis.get('parent');
  if (karmada !== undefined || parent === undefined || !(await serves(clients, parent, call))) return undefined;
  const shut = await shutOutOf(clients, fleet, reach);
  if (shut !== undefined) return shut;
  return new Problem('cluster-unreachable', {
    what: `Karmada of fleet ${fleet.name} works, but does not respond to this machine; nothing was changed`,
    why:
      loadBalancer === undefined
        ? 'its API has no load balancer'
        : `its load balancer ${loadBalancer.hostname} only admits allowed addresses, or this machine has no way to it`,
    next: [
      `find out which: ${fleetCommand('status', fleet)}`,
      `repair it: ${fleetCommand('up', fleet)}`,
      'or run the command on a machine that reaches it',
    ],
  });
}

/** Problem `address-shut-out` where Karmada does not answer and its load balancer does not let this machine in. */
export async function shutOutOf(
  { world }: Pick<Clients, 'world'>,
  fleet: Fleet,
  { karmada, loadBalancer }: Pick<Reach, 'karmada' | 'loadBalancer'>,
): Promise<Problem | undefined> {
  if (karmada !== undefined) return undefined;
  const shut = await shutOut(world, fleet, loadBalancer?.sourceRanges);
  if (shut === undefined) return undefined;
  return new Problem('address-shut-out', {
    what: `the Karmada API of fleet ${fleet.name} does not respond to this machine; nothing was changed`,
    why: shut.why,
    next: [shut.next, elsewhere],
  });
}

/** A pod is ready that answers its probe, and it answers only with etcd. */
async function serves({ kubectl }: Clients, parent: KubeAccess, call: Call): Promise<boolean> {
  const found = await kubectl.get(parent, apiServer, workload, call);
  return (found?.status?.readyReplicas ?? 0) > 0;
}
