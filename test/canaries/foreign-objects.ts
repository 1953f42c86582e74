/** What somebody else has in Kubernetes APIs: in clusters that a fleet uses, and in Karmada itself. */

import { newApi } from '../../src/rehearsal/kube/api-server/new-api.js';
import { builtIn, createObject } from '../../src/rehearsal/kube/api-server/store.js';
import type { KubeObjectState } from '../../src/rehearsal/state.js';

type Objects = Readonly<Record<string, KubeObjectState>>;

/** A manifest with the plural of its type. */
type Planted = readonly [plural: string, manifest: Readonly<Record<string, unknown>>];

/** Somebody's claim in a parent, that takes etcd's name and label. */
const claim: Planted = [
  'persistentvolumeclaims',
  {
    metadata: { name: 'etcd-data-etcd-0', namespace: 'canary', labels: { app: 'etcd' } },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '100Gi' } }, storageClassName: 'canary' },
  },
];

/** What the controllers write: without it they would change what was planted. */
const atRest = { observedGeneration: 1, replicas: 0, updatedReplicas: 0 };

/** Namespaces of people, some named almost as Karmada's, with things in them. */
const inClusters: readonly Planted[] = [
  ...['canary', 'karmada-system-2'].flatMap((namespace): readonly Planted[] => [
    ['namespaces', { metadata: { name: namespace, labels: { owner: 'somebody' } } }],
    ['configmaps', { metadata: { name: 'karmada-eks', namespace }, data: { 'fleet.json': '{"fleet":"karmada"}' } }],
    ['secrets', { metadata: { name: 'karmada-cert', namespace }, data: { key: 'a2V5' } }],
  ]),
  ['serviceaccounts', { metadata: { name: 'karmada-agent', namespace: 'canary' } }],
  ['deployments', { metadata: { name: 'karmada-agent', namespace: 'canary' }, spec: { replicas: 0 }, status: atRest }],
  [
    'poddisruptionbudgets',
    {
      metadata: { name: 'etcd', namespace: 'canary' },
      spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'etcd' } } },
    },
  ],
  ['storageclasses', { metadata: { name: 'canary' }, provisioner: 'canary.example', parameters: { type: 'gp3' } }],
  ['storageclasses', { metadata: { name: 'ebs-sc-2' }, provisioner: 'canary.example', parameters: { type: 'gp3' } }],
  ['configmaps', { metadata: { name: 'canary', namespace: 'kube-system' }, data: { a: 'b' } }],
  ['leases', { metadata: { name: 'karmada-eks-2', namespace: 'kube-system' }, spec: { holderIdentity: 'somebody' } }],
  ['clusterroles', { metadata: { name: 'karmada-controller-manager:one-two' }, rules: [] }],
  ['clusterrolebindings', { metadata: { name: 'canary' }, roleRef: { kind: 'ClusterRole', name: 'admin' } }],
];

/** In Karmada: what its users keep there. Policies are not among it: what holds one is another Karmada for the program. */
const inKarmada: readonly Planted[] = [
  ['configmaps', { metadata: { name: 'canary', namespace: 'default' }, data: { a: 'b' } }],
  ['clusterroles', { metadata: { name: 'canary' }, rules: [] }],
];

/** As they stand in an API, by key; always the same. */
export const foreignObjects: Readonly<Record<'parent' | 'member' | 'karmada', Objects>> = {
  parent: objectsOf([...inClusters, claim]),
  member: objectsOf(inClusters),
  karmada: objectsOf(inKarmada),
};

function objectsOf(planted: readonly Planted[]): Objects {
  const moment = Date.parse('2025-11-22T12:00:00Z');
  const api = newApi({ key: 'canary', kind: 'plain', region: '', cluster: 'canary' }, moment);
  const before = new Set(Object.keys(api.objects));
  for (const [plural, manifest] of planted) createObject(api, builtIn(plural), { ...manifest }, moment);
  return Object.fromEntries(Object.entries(api.objects).filter(([key]) => !before.has(key)));
}
