/**
 * Who owns the resources in the parent that a fleet deletes: each needs two pieces of evidence, checked again right
 * before.
 */

import { loadBalancerService } from '../../access/load-balancer.js';
import { fleetTag, karmadaNamespace } from '../../fleet/names.js';
import { clusterKey } from '../../model/facts.js';
import { configMapVerdict, objectVerdict } from '../../ownership/object-ownership.js';
import type { Verdict } from '../../ownership/ownership.js';
import { fleetConfigMap, readFleetConfigMap } from '../../state/fleet-configmap.js';
import { type KarmadaNamespace, karmadaNamespaceOf, karmadaOwner } from '../../state/karmada-namespace.js';
import { anyObject } from '../../tools/kubectl/objects.js';
import type { Call } from '../../tools/run.js';
import { type FleetContext, parentAccess } from '../context.js';

/** Any object by its name. */
type Ref = Parameters<FleetContext['clients']['kubectl']['get']>[1];

/** Undefined where there is no such object. */
export async function verdictIn(site: FleetContext, ref: Ref, call: Call): Promise<Verdict | undefined> {
  const found = await site.clients.kubectl.get(parentAccess(site), ref, anyObject, call);
  return found && objectVerdict(site.fleet.id, found, isOwnParent(site));
}

/**
 * Of the Karmada in the parent, by the mark next to it and a proof that this fleet installed it. Where the mark is
 * lost, the label on the load balancer's Service still names the fleet.
 */
export async function karmadaVerdict(site: FleetContext, call: Call): Promise<Verdict> {
  const mark = await readFleetConfigMap(site.clients, parentAccess(site), call);
  const isNoted = mark?.installed !== undefined || mark?.installing !== undefined;
  const proof = isNoted ? 'record of its installation' : await otherProof(site, call);
  const owner = await karmadaOwner(site.clients, parentAccess(site), call);
  return configMapVerdict(site.fleet.id, owner?.fleetId, { proof });
}

async function otherProof(site: FleetContext, call: Call): Promise<string | undefined> {
  if (isOwnParent(site)) return 'its cluster';
  const balancer = await verdictIn(site, loadBalancerService, call);
  return balancer?.whose === 'ours' ? 'its load balancer' : undefined;
}

/** Of Karmada's namespace: `init` takes its labels, so the mark is the ConfigMap in it, which notes whether the fleet made it. */
export async function namespaceVerdict(site: FleetContext, call: Call): Promise<Verdict> {
  const access = parentAccess(site);
  const [found, mark, beside] = await Promise.all([
    site.clients.kubectl.get(access, { kind: 'namespaces', name: karmadaNamespace }, anyObject, call),
    readFleetConfigMap(site.clients, access, call),
    verdictIn(site, fleetConfigMap, call),
  ]);
  const tag = found?.metadata.labels?.[fleetTag] ?? mark?.fleetId;
  const isMade = mark?.namespace === 'made' && beside?.whose === 'ours';
  const proof = isMade ? 'record of its creation' : isOwnParent(site) ? 'its cluster' : undefined;
  return configMapVerdict(site.fleet.id, tag, { proof, existed: mark?.namespace === 'existing' });
}

/** Whether the fleet made the parent: in this run or before. */
export function isOwnParent({ ownership: owned, fleet }: FleetContext): boolean {
  const ownership = owned.get(clusterKey(fleet.parent));
  return ownership === 'ours' || ownership === 'absent';
}

/** Karmada's namespace, as the fleet sees it. */
export async function ownNamespace(site: FleetContext, call: Call): Promise<KarmadaNamespace | undefined> {
  const owner = { fleetId: site.fleet.id, inOwnCluster: isOwnParent(site) };
  return await karmadaNamespaceOf(site.clients, parentAccess(site), owner, call);
}

/** Says of a thing that carries the fleet's mark alone why it is left; nothing of what is somebody else's. */
export function whyLeft(name: string, verdict: Verdict | undefined): { readonly note?: string } {
  return verdict?.whose === 'perhaps' ? { note: `${name} is kept (${verdict.evidence})` } : {};
}
