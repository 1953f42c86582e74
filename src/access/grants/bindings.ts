/** Where Karmada has put what it propagates. */
import type { Clients } from '../../clients/clients.js';
import { demoName } from '../../fleet/names.js';
import type { KubeAccess } from '../../tools/kubectl/commands.js';
import { type Binding, binding } from '../../tools/kubectl/objects.js';
import type { Call } from '../../tools/run.js';

/** Those of objects with and without a namespace: Karmada's failover moves both (karmada 1.18.2, pkg/controllers/cluster/taint_manager.go). */
const bindingTypes = [
  { kind: 'resourcebindings.work.karmada.io', allNamespaces: true },
  { kind: 'clusterresourcebindings.work.karmada.io' },
] as const;

/** Of all objects; of the demo none: it is the fleet's own. None before `init` has defined the types. */
export async function bindingsOf({ kubectl }: Clients, karmada: KubeAccess, call: Call): Promise<readonly Binding[]> {
  const lists = await Promise.all(
    bindingTypes.map(async (ref) => (await kubectl.listIfServed(karmada, ref, binding, call)) ?? []),
  );
  return lists
    .flat()
    .filter(({ spec: { resource } }) => resource.name !== demoName || resource.namespace !== 'default');
}

/** Those that are in a member now. */
export function bindingsIn(bindings: readonly Binding[], member: string): readonly Binding[] {
  return bindings.filter(({ spec }) => spec.clusters?.some(({ name }) => name === member));
}

/** e.g. `StatefulSet shop/db`, `ClusterRole viewer`. */
export function describeBinding({ spec: { resource } }: Binding): string {
  return `${resource.kind} ${resource.namespace ? `${resource.namespace}/` : ''}${resource.name}`;
}
