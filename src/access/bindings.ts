/** Where Karmada has put what it propagates. */
import type { Clients } from '../clients/clients.js';
import { demoName } from '../fleet/names.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { type Binding, binding } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';

/** Of all namespaced objects; of the demo none: it is the fleet's own. None before `init` has defined the type. */
export async function bindingsOf({ kubectl }: Clients, karmada: KubeAccess, call: Call): Promise<readonly Binding[]> {
  const ref = { kind: 'resourcebindings.work.karmada.io', allNamespaces: true };
  const found = (await kubectl.listIfServed(karmada, ref, binding, call)) ?? [];
  return found.filter(({ spec: { resource } }) => resource.name !== demoName || resource.namespace !== 'default');
}

/** Those that are in a member now. */
export function bindingsIn(bindings: readonly Binding[], member: string): readonly Binding[] {
  return bindings.filter(({ spec }) => spec.clusters?.some(({ name }) => name === member));
}

/** e.g. `StatefulSet shop/db`. */
export function describeBinding({ spec: { resource } }: Binding): string {
  return `${resource.kind} ${resource.namespace === undefined ? '' : `${resource.namespace}/`}${resource.name}`;
}
