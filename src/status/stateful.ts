/** What holds data and would be moved all the same when its member is lost: it starts elsewhere without its data. */
import { bindingsOf, describeBinding } from '../access/bindings.js';
import type { Clients } from '../clients/clients.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import type { Binding } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import { failoverTaint } from './failover-state.js';

const holdData: readonly string[] = ['StatefulSet', 'PersistentVolumeClaim'];

/** e.g. `StatefulSet shop/db`; what tolerates the taint without an end stays where it is, and is left out. */
export async function movableWithData(clients: Clients, karmada: KubeAccess, call: Call): Promise<readonly string[]> {
  const bindings = await bindingsOf(clients, karmada, call);
  return bindings
    .filter((each) => holdData.includes(each.spec.resource.kind) && !staysForEver(each))
    .map(describeBinding);
}

/** As Kubernetes matches a toleration with a taint: no key or no effect means any (api/core/v1/toleration.go). */
function staysForEver({ spec }: Binding): boolean {
  return (spec.placement?.clusterTolerations ?? []).some(
    ({ key = failoverTaint.key, effect = failoverTaint.effect, tolerationSeconds }) =>
      key === failoverTaint.key && effect === failoverTaint.effect && tolerationSeconds == null,
  );
}
