/** The policies that a restore has suspended and nobody has released since, as Karmada has them. */
import type { Clients } from '../../clients/clients.js';
import type { KubeAccess } from '../../tools/kubectl/commands.js';
import { anyObject } from '../../tools/kubectl/objects.js';
import type { Call } from '../../tools/run.js';
import { type HeldPolicy, heldAnnotation, heldNote } from './held-back.js';

const policies = ['PropagationPolicy', 'ClusterPropagationPolicy'] as const;

export async function heldNow({ kubectl }: Clients, karmada: KubeAccess, call: Call): Promise<readonly HeldPolicy[]> {
  const kind = 'propagationpolicies.policy.karmada.io,clusterpropagationpolicies.policy.karmada.io';
  const found = await kubectl.list(karmada, { kind, allNamespaces: true }, anyObject, call);
  return found.flatMap(({ kind: own, metadata: { name, namespace, annotations } }) => {
    const known = policies.find((each) => each === own);
    const before = heldNote(annotations?.[heldAnnotation]);
    return known === undefined || before === undefined ? [] : [{ kind: known, namespace, name, before }];
  });
}
