/** What holds data and would be moved all the same when its member is lost: it starts elsewhere without its data, which is deleted. */
import { bindingsIn, bindingsOf, describeBinding } from '../access/grants/bindings.js';
import type { Clients } from '../clients/clients.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import type { Binding } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import { failoverTaint } from './failover-state.js';

/** What is deleted with such an object, when a member returns from which it has moved. */
const lostWith: Readonly<Record<string, string>> = {
  StatefulSet: '',
  PersistentVolumeClaim: 'its volume is deleted with it',
  CustomResourceDefinition: 'all objects of its type are deleted with it',
  Namespace: 'all that is in it is deleted with it',
};

/**
 * e.g. `StatefulSet shop/db`, `PersistentVolumeClaim shop/db (its volume is deleted with it)`; what tolerates the taint without an end stays
 * where it is, and is left out. `member`: only what is in it.
 */
export async function movableWithData(
  clients: Clients,
  karmada: KubeAccess,
  call: Call,
  member?: string,
): Promise<readonly string[]> {
  const all = await bindingsOf(clients, karmada, call);
  const bindings = member === undefined ? all : bindingsIn(all, member);
  return bindings.flatMap((each) => {
    const lost = lostWith[each.spec.resource.kind];
    if (lost === undefined || staysForEver(each)) return [];
    return [`${describeBinding(each)}${lost === '' ? '' : ` (${lost})`}`];
  });
}

/** What failover would take out of a member, e.g. `Deployment shop/web`. */
export function movableFrom(bindings: readonly Binding[], member: string): readonly string[] {
  return bindingsIn(bindings, member)
    .filter((each) => !staysForEver(each))
    .map((each) => `${describeBinding(each)}${hasNoOther(each, member) ? ' (its policy allows no other member)' : ''}`);
}

/** As far as names tell. */
function hasNoOther({ spec: { placement } }: Binding, member: string): boolean {
  const affinities = [placement?.clusterAffinity ?? [], placement?.clusterAffinities ?? []].flat();
  const names = affinities.map(({ clusterNames }) => clusterNames ?? []);
  return names.length > 0 && names.every((each) => each.length > 0 && each.every((name) => name === member));
}

/** As Kubernetes matches a toleration with a taint that has no value: no key or no effect means any (api/core/v1/toleration.go). */
function staysForEver({ spec }: Binding): boolean {
  return (spec.placement?.clusterTolerations ?? []).some(
    ({ key, effect, operator, value, tolerationSeconds }) =>
      (key || failoverTaint.key) === failoverTaint.key &&
      (effect || failoverTaint.effect) === failoverTaint.effect &&
      (operator === 'Exists' || !value) &&
      tolerationSeconds == null,
  );
}
