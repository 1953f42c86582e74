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
export async function verdictIn(context: FleetContext, ref: Ref, call: Call): Promise<Verdict | undefined> {
  const found = await context.clients.kubectl.get(parentAccess(context), ref, anyObject, call);
  return found && objectVerdict(context.fleet.id, found, isOwnParent(context));
}

/**
 * Of the Karmada in the parent, by the mark next to it and a proof that this fleet installed it. Where the mark is
 * lost, the label on the load balancer's Service still names the fleet.
 */
export async function karmadaVerdict(context: FleetContext, call: Call): Promise<Verdict> {
  const mark = await readFleetConfigMap(context.clients, parentAccess(context), call);
  const isNoted = mark?.installed !== undefined || mark?.installing !== undefined;
  const proof = isNoted ? 'record of its installation' : await otherProof(context, call);
  const owner = await karmadaOwner(context.clients, parentAccess(context), call);
  return configMapVerdict(context.fleet.id, owner?.fleetId, { proof });
}

async function otherProof(context: FleetContext, call: Call): Promise<string | undefined> {
  if (isOwnParent(context)) return 'its cluster';
  const balancer = await verdictIn(context, loadBalancerService, call);
  return balancer?.whose === 'ours' ? 'its load balancer' : undefined;
}

/** Of Karmada's namespace: `init` takes its labels, so the mark is the ConfigMap in it, which notes whether the fleet made it. */
export async function namespaceVerdict(context: FleetContext, call: Call): Promise<Verdict> {
  const access = parentAccess(context);
  const [found, mark, beside] = await Promise.all([
    context.clients.kubectl.get(access, { kind: 'namespaces', name: karmadaNamespace }, anyObject, call),
    readFleetConfigMap(context.clients, access, call),
    verdictIn(context, fleetConfigMap, call),
  ]);
  const tag = found?.metadata.labels?.[fleetTag] ?? mark?.fleetId;
  const isMade = mark?.namespace === 'made' && beside?.whose === 'ours';
  const proof = isMade ? 'record of its creation' : isOwnParent(context) ? 'its cluster' : undefined;
  return configMapVerdict(context.fleet.id, tag, { proof, existed: mark?.namespace === 'existing' });
}

/** Whether the fleet made the parent: in this run or before. */
export function isOwnParent({ ownership: owned, fleet }: FleetContext): boolean {
  const ownership = owned.get(clusterKey(fleet.parent));
  return ownership === 'ours' || ownership === 'absent';
}

/** Karmada's namespace, as the fleet sees it. */
export async function ownNamespace(context: FleetContext, call: Call): Promise<KarmadaNamespace | undefined> {
  const owner = { fleetId: context.fleet.id, inOwnCluster: isOwnParent(context) };
  return await karmadaNamespaceOf(context.clients, parentAccess(context), owner, call);
}

/** Says of a thing that carries the fleet's mark alone why it is left; nothing of what is somebody else's. */
export function whyLeft(name: string, verdict: Verdict | undefined): { readonly note?: string } {
  return verdict?.whose === 'perhaps' ? { note: `${name} is kept: ${verdict.evidence}` } : {};
}
