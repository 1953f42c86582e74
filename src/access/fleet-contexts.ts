/** The contexts of an existing fleet: those that kubectl can use, and what is wrong with the others. */

import type { Clients } from '../clients/clients.js';
import type { Fleet } from '../fleet/fleet.js';
import { karmadaContext } from '../fleet/names.js';
import type { FleetPaths } from '../fleet/paths.js';
import { joinedKubeconfig } from '../tools/kubectl/kubeconfig.js';
import { apiHost } from './api-name.js';
import type { FleetAccess } from './fleet-access.js';
import { karmadaServer } from './karmada-api.js';

/** A context of a fleet. */
export interface ContextEntry {
  readonly name: string;
  /** Its kubeconfig as it is now, with credentials; undefined when it cannot be made. */
  readonly kubeconfig: string | undefined;
  /** Why it cannot be made, or used. */
  readonly trouble: string | undefined;
}

/** Karmada first, then the parent, then the members in their order; `reach` has just been made. */
export async function fleetContexts(
  { world: { files } }: Clients,
  fleet: Fleet,
  paths: FleetPaths,
  reach: FleetAccess,
): Promise<readonly ContextEntry[]> {
  const ofCluster = async (scope: string, name: string): Promise<ContextEntry> => {
    if (reach.apis.has(scope)) {
      return { name, kubeconfig: await files.read(paths.kubeconfig(name)), trouble: undefined };
    }
    const silent = reach.silent.get(scope);
    if (silent !== undefined)
      return {
        name,
        kubeconfig: await files.read(paths.kubeconfig(name)),
        trouble: `${silent.message}: ${silent.why}`,
      };
    const why = reach.unreached.get(scope)?.message ?? 'its cluster does not exist or is not active';
    return { name, kubeconfig: undefined, trouble: why };
  };
  return [
    ofKarmada(fleet, reach, await files.read(paths.kubeconfig(karmadaContext))),
    await ofCluster('parent', fleet.parent.cluster),
    ...(await Promise.all(fleet.members.map(({ name }) => ofCluster(name, name)))),
  ];
}

/** A kubeconfig that names another load balancer than the one that is there is an old one. */
function ofKarmada(fleet: Fleet, { karmada, loadBalancer }: FleetAccess, kubeconfig: string | undefined): ContextEntry {
  const name = karmadaContext;
  if (karmada !== undefined) return { name, kubeconfig, trouble: undefined };
  const isNow =
    loadBalancer !== undefined &&
    [apiHost(fleet, loadBalancer), loadBalancer.hostname].some((host) =>
      kubeconfig?.includes(`"${karmadaServer(host)}"`),
    );
  if (isNow) return { name, kubeconfig, trouble: 'the Karmada API does not respond to this machine' };
  return { name, kubeconfig: undefined, trouble: 'the parent has no load balancer or no certificates for it' };
}

/** One kubeconfig, as JSON, with all contexts that can be made. */
export function wholeKubeconfig(contexts: readonly ContextEntry[]): string {
  return joinedKubeconfig(contexts.flatMap(({ kubeconfig }) => kubeconfig ?? []));
}
