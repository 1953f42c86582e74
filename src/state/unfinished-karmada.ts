/** What an unfinished Karmada contains that `init` and Kubernetes do not create themselves. */

import type { Clients } from '../clients/clients.js';
import { karmadaNamespace } from '../fleet/names.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { anyObject } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import { systemNamespace } from './karmada-contents.js';

/** Types whose objects are computed, reported by others, or the API server's own (Kubernetes 1.34). */
const ownTypes =
  /^(events(\.events\.k8s\.io)?|endpoints|endpointslices\..*|leases\..*|componentstatuses|apiservices\..*|flowschemas\..*|prioritylevelconfigurations\..*|ipaddresses\..*|servicecidrs\..*|.*\.metrics\.k8s\.io|(works|resourcebindings|clusterresourcebindings)\.work\.karmada\.io)$/;

/**
 * By `kind/name`: what `init` creates in addition to the namespaces (karmada 1.18.2,
 * cmdinit/karmada/{deploy,rbac,webhook_configuration}.go), and the API server.
 */
const ownObjects: readonly RegExp[] = [
  /^CustomResourceDefinition\/.*\.(karmada\.io|multicluster\.x-k8s\.io)$/,
  /^(Mutating|Validating)WebhookConfiguration\/(mutating|validating)-config$/,
  /^ClusterRole(Binding)?\/(system:.*|karmada-.*|cluster-proxy-admin)$/,
  /^PriorityClass\/system-(cluster|node)-critical$/,
];

/** In every namespace. */
const ownEverywhere: readonly string[] = ['ConfigMap/kube-root-ca.crt', 'ServiceAccount/default'];

/** In those that Kubernetes and `init` make, by `kind/name`. */
const ownInside: readonly RegExp[] = [
  /^(Role|RoleBinding|ServiceAccount|Service)\//,
  /^ConfigMap\/(cluster-info|extension-apiserver-authentication|kube-apiserver-legacy-service-account-token-tracking)$/,
  /^Secret\/bootstrap-token-/,
];

/** On what the API server makes for roles. */
const bootstrapLabel = 'kubernetes.io/bootstrapping';

/**
 * Everything else, of all types that can be listed, e.g. `Secret default/password`. An omission in the lists above only
 * makes a run ask.
 * @throws Problem `tool-failed` if an API server does not list its types
 */
export async function keptInKarmada(
  { kubectl }: Pick<Clients, 'kubectl'>,
  karmada: KubeAccess,
  call: Call,
): Promise<readonly string[]> {
  const types = (await kubectl.listableTypes(karmada, 'all', call)).filter((type) => !ownTypes.test(type));
  const found = await kubectl.list(karmada, { kind: types.join(','), allNamespaces: true }, anyObject, call);
  return found.flatMap(({ kind, metadata: { namespace, name, labels = {} } }) => {
    const object = `${kind}/${name}`;
    const isOwn =
      bootstrapLabel in labels || (namespace === undefined ? isInits(kind, name) : isMadeIn(namespace, object));
    return isOwn ? [] : [`${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`];
  });
}

function isInits(kind: string, name: string): boolean {
  if (kind === 'Namespace') return systemNamespace.test(name);
  return ownObjects.some((each) => each.test(`${kind}/${name}`));
}

function isMadeIn(namespace: string, object: string): boolean {
  if (ownEverywhere.includes(object)) return true;
  if (namespace === 'default') return object === 'Service/kubernetes';
  const isSystem = namespace.startsWith('kube-') || namespace === karmadaNamespace || namespace === 'karmada-cluster';
  return isSystem && systemNamespace.test(namespace) && ownInside.some((each) => each.test(object));
}
