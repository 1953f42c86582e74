/** What people keep in a Karmada: members, policies, and their own namespaces and workloads. */

import { memberKind, membersOf } from '../access/member-list.js';
import type { Clients } from '../clients/clients.js';
import { karmadaNamespace } from '../fleet/names.js';
import type { KubeAccess, KubeRef } from '../tools/kubectl/commands.js';
import { anyObject } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';

/** Each kind with the word for one of it: what users wrote first, since members can be joined again. */
const kinds: readonly (readonly [string, string])[] = [
  ['propagationpolicies.policy.karmada.io', 'policy'],
  ['clusterpropagationpolicies.policy.karmada.io', 'policy'],
  ['overridepolicies.policy.karmada.io', 'policy'],
  ['clusteroverridepolicies.policy.karmada.io', 'policy'],
  ['namespaces', 'namespace'],
  ['deployments.apps', 'Deployment'],
  ['statefulsets.apps', 'StatefulSet'],
  ['daemonsets.apps', 'DaemonSet'],
  ['persistentvolumeclaims', 'PersistentVolumeClaim'],
  ['configmaps', 'ConfigMap'],
  ['secrets', 'Secret'],
  [memberKind, 'member'],
];

/** The namespaces that Kubernetes and Karmada make by themselves (karmada 1.18.2, pkg/util/names and constants). */
export const systemNamespace = new RegExp(
  `^(default|kube-(system|public|node-lease)|${karmadaNamespace}|karmada-cluster|karmada-es-.*)$`,
);

/** What Kubernetes and Karmada keep there by themselves. */
const settings = ['configmaps', 'secrets'];

/**
 * One line an object, e.g. `member one`, `policy shop/web`, `namespace shop`; empty when nobody keeps anything in it.
 * @throws Problem `cluster-unreachable`, `tool-failed` when the API does not respond
 */
export async function karmadaContents(clients: Clients, karmada: KubeAccess, call: Call): Promise<readonly string[]> {
  const listed = await Promise.all(
    kinds.map(async ([kind, word]) => {
      const isGlobal = kind === memberKind || kind === 'namespaces' || kind.startsWith('cluster');
      const ref = { kind, ...(isGlobal ? {} : { allNamespaces: true }) };
      const found =
        kind === memberKind
          ? await membersOf(clients, karmada, call)
          : await listedIfDefined(clients, karmada, ref, call);
      return found
        .filter(({ metadata }) => isUsers(kind, metadata))
        .map(
          ({ metadata: { namespace, name } }) => `${word} ${namespace === undefined ? name : `${namespace}/${name}`}`,
        );
    }),
  );
  return listed.flat();
}

function isUsers(
  kind: string,
  { namespace = '', name }: { readonly namespace?: string | undefined; readonly name: string },
): boolean {
  if (kind === 'namespaces') return !systemNamespace.test(name);
  if (!settings.includes(kind)) return true;
  return name !== 'kube-root-ca.crt' && (namespace === 'default' || !systemNamespace.test(namespace));
}

/** `init` defines Karmada's types on its way; those of Kubernetes are always there. */
async function listedIfDefined(
  { kubectl }: Pick<Clients, 'kubectl'>,
  karmada: KubeAccess,
  ref: KubeRef,
  call: Call,
): Promise<readonly { readonly metadata: { readonly namespace?: string | undefined; readonly name: string } }[]> {
  if (!ref.kind.endsWith('.karmada.io')) return await kubectl.list(karmada, ref, anyObject, call);
  const told = await kubectl.listIfServed(karmada, ref, anyObject, call);
  if (told !== undefined) return told;
  const isDefined = await kubectl.get(karmada, { kind: 'customresourcedefinitions', name: ref.kind }, anyObject, call);
  return isDefined === undefined ? [] : await kubectl.list(karmada, ref, anyObject, call);
}
