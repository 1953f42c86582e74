/**
 * Karmada's namespace if it existed before the fleet: `init` replaces it, so its contents are recorded before and
 * restored afterwards.
 */
import { z } from 'zod';
import type { CallContext } from '../../engine/step.js';
import { fleetTag, karmadaNamespace } from '../../fleet/names.js';
import { jsonAs } from '../../model/json-text.js';
import {
  type FleetConfigMap,
  namespaceAnnotation,
  namespaceBeforeAnnotation,
  readFleetConfigMap,
} from '../../state/fleet-configmap.js';
import { anyObject } from '../../tools/kubectl/objects.js';
import { type FleetContext, parentAccess } from '../context.js';

const ref = { kind: 'namespaces', name: karmadaNamespace } as const;

/** What `init` gives the namespace in place of what it had (karmada 1.18.2, karmadactl/util/idempotency.go). */
const initLabel = 'karmada.io/system';

const texts = z.record(z.string(), z.string());
const beforeSchema = z.object({ labels: texts, annotations: texts });

type Annotations = Readonly<Record<string, string>>;

/** Who made the namespace, and what it carried: noted once, with the first description of the fleet. */
export async function namespaceNotes(
  context: FleetContext,
  mark: FleetConfigMap | undefined,
  call: CallContext,
): Promise<Annotations & { readonly [namespaceAnnotation]: 'existing' | 'made' }> {
  if (mark !== undefined) return notes(mark.namespace ?? 'existing', mark.namespaceBefore);
  const found = await context.clients.kubectl.get(parentAccess(context), ref, anyObject, call);
  const { labels = {}, annotations = {} } = found?.metadata ?? {};
  if (found === undefined || labels[fleetTag] === context.fleet.id) return notes('made', undefined);
  return notes('existing', JSON.stringify({ labels, annotations }));
}

function notes(
  namespace: 'existing' | 'made',
  before: string | undefined,
): Annotations & { readonly [namespaceAnnotation]: 'existing' | 'made' } {
  const what = before === undefined ? {} : { [namespaceBeforeAnnotation]: before };
  return { [namespaceAnnotation]: namespace, ...what };
}

/** Gives the namespace back what `init` took from it, and takes what `init` gave it; what others changed since stays. */
export async function restoreNamespace(context: FleetContext, call: CallContext): Promise<void> {
  const access = parentAccess(context);
  const { kubectl } = context.clients;
  const [mark, found] = await Promise.all([
    readFleetConfigMap(context.clients, access, call),
    kubectl.get(access, ref, anyObject, call),
  ]);
  const before = jsonAs(beforeSchema, mark?.namespaceBefore);
  if (before === undefined || found === undefined) return;
  const { labels = {}, annotations = {} } = found.metadata;
  const inits = initLabel in labels && !(initLabel in before.labels) ? { [initLabel]: null } : {};
  const patch = {
    labels: { ...inits, ...lost(before.labels, labels) },
    annotations: lost(before.annotations, annotations),
  };
  if (Object.values(patch).every((each) => Object.keys(each).length === 0)) return;
  await kubectl.mergePatch(access, ref, { metadata: patch }, call);
}

function lost(before: Annotations, now: Annotations): Annotations {
  return Object.fromEntries(Object.entries(before).filter(([key]) => now[key] === undefined));
}
