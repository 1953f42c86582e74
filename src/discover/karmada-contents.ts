/** What people keep in a Karmada: members, policies, namespaces and workloads of their own. */
import { karmadaNamespace } from '../fleet/names.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { anyObject } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import type { Clients } from './clients.js';
import { memberKind } from './members.js';

/** Each kind with the word for one of it. */
const kinds: readonly (readonly [string, string])[] = [
  [memberKind, 'member'],
  ['propagationpolicies.policy.karmada.io', 'policy'],
  ['clusterpropagationpolicies.policy.karmada.io', 'policy'],
  ['overridepolicies.policy.karmada.io', 'policy'],
  ['clusteroverridepolicies.policy.karmada.io', 'policy'],
  ['namespaces', 'namespace'],
  ['deployments.apps', 'Deployment'],
  ['statefulsets.apps', 'StatefulSet'],
  ['daemonsets.apps', 'DaemonSet'],
  ['persistentvolumeclaims', 'PersistentVolumeClaim'],
];

/** The namespaces that Kubernetes and Karmada make by themselves (karmada 1.18.2, pkg/util/names and constants). */
const systemNamespace = new RegExp(`^(default|kube-.*|${karmadaNamespace}|karmada-cluster|karmada-es-.*)$`);

/**
 * One line an object, e.g. `member one`, `policy shop/web`, `namespace shop`; empty when nobody keeps anything in it.
 * @throws Problem `cluster-unreachable`, `tool-failed` when the API does not answer
 */
export async function karmadaContents(clients: Clients, karmada: KubeAccess, call: Call): Promise<readonly string[]> {
  const listed = await Promise.all(
    kinds.map(async ([kind, word]) => {
      const isGlobal = kind === memberKind || kind === 'namespaces' || kind.startsWith('cluster');
      const ref = { kind, ...(isGlobal ? {} : { allNamespaces: true }) };
      const found = await clients.kubectl.list(karmada, ref, anyObject, call);
      return found
        .filter(({ metadata }) => kind !== 'namespaces' || !systemNamespace.test(metadata.name))
        .map(
          ({ metadata: { namespace, name } }) => `${word} ${namespace === undefined ? name : `${namespace}/${name}`}`,
        );
    }),
  );
  return listed.flat();
}
