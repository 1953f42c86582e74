/** What Karmada would delete in a member, of every kind that is counted in a way of its own, and what of others goes with it. */
import { describe, expect, it } from 'vitest';
import { sharedOf } from '../../src/member-removal/foreign-objects.js';
import { propagatedTo } from '../../src/member-removal/propagated.js';
import { makeKubectl } from '../../src/tools/kubectl/client.js';

const signal = new AbortController().signal;
const call = { signal, say: () => undefined };
const access = { kubeconfig: '/one', context: 'one' };
const karmada = { kubeconfig: '/karmada', context: 'karmada-apiserver' };

const object = (apiVersion: string, kind: string, name: string, more: object = {}, namespace?: string) => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }), labels: { 'karmada.io/managed': 'true' } },
  ...more,
});

const widgets = { spec: { group: 'acme.io', names: { plural: 'widgets' } } };
const propagated = [
  object('apps/v1', 'DaemonSet', 'agent', { status: { numberReady: 4 } }, 'shop'),
  object('batch/v1', 'Job', 'import', { status: { active: 1 } }, 'shop'),
  object('batch/v1', 'CronJob', 'nightly', { status: { active: [{}, {}] } }, 'shop'),
  object('v1', 'Pod', 'debug', { status: { phase: 'Running' } }, 'shop'),
  object('v1', 'PersistentVolumeClaim', 'data', { status: { phase: 'Bound' } }, 'shop'),
  object('acme.io/v1', 'Widget', 'one', { status: { readyReplicas: 2 } }, 'shop'),
  object('v1', 'ConfigMap', 'settings', {}, 'shop'),
  object('v1', 'Namespace', 'shop'),
  object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'widgets.acme.io', widgets),
];
const notThere = object('apps/v1', 'Deployment', 'not-there', {}, 'shop');
const kept = object('apps/v1', 'Deployment', 'kept', { status: { readyReplicas: 1 } }, 'shop');

const workOf = (manifest: object, spec: object = {}) => ({
  apiVersion: 'work.karmada.io/v1alpha1',
  kind: 'Work',
  metadata: { name: 'work' },
  spec: { ...spec, workload: { manifests: [manifest] } },
});

const system = { ...object('v1', 'Secret', 'own'), metadata: { name: 'own', labels: { 'karmada.io/system': 'true' } } };
const works = [
  ...[...propagated, notThere, system].map((each) => workOf(each)),
  workOf(kept, { preserveResourcesOnDeletion: true }),
];

/** A kubectl whose member has these objects besides what was propagated. */
function clientsWith(others: readonly object[]) {
  const there = [...propagated, kept, ...others] as readonly { readonly kind: string }[];
  const kubectl = makeKubectl(async ({ args }) => {
    const words = args.filter((arg) => !arg.startsWith('-'));
    const items = words[1]?.startsWith('works') ? works : there.filter(({ kind }) => isAsked(words[1] ?? '', kind));
    const stdout = words[0] === 'api-resources' ? 'all\nevents\n' : JSON.stringify({ kind: 'List', items });
    return { kind: 'exited', code: 0, stdout, stderr: '' };
  });
  return { kubectl, concurrency: 1 };
}

function isAsked(types: string, kind: string): boolean {
  if (types === 'all') return !['Namespace', 'CustomResourceDefinition'].includes(kind);
  return types === 'widgets.acme.io' ? kind === 'Widget' : types.split('.')[0] === kind;
}

it('is what has Karmada’s label in the member, is not to be preserved and not Karmada’s own', async () => {
  const found = await propagatedTo(clientsWith([]), karmada, { name: 'one', access }, call);
  expect(found.map(({ kind, name, running }) => `${kind} ${name}: ${running ?? '-'}`)).toEqual([
    'DaemonSet agent: 4 pods running',
    'Job import: 1 pod running',
    'CronJob nightly: 2 jobs running',
    'Pod debug: 1 pod running',
    'PersistentVolumeClaim data: the data of its volume',
    'Widget one: 2 replicas running',
    'ConfigMap settings: -',
    'Namespace shop: -',
    'CustomResourceDefinition widgets.acme.io: -',
  ]);
});

it('takes others’ things with a namespace or a definition, and among them what Karmada preserves', async () => {
  const others = [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kube-root-ca.crt', namespace: 'shop' } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'shop' } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'owned', namespace: 'shop', ownerReferences: [{ kind: 'Secret', uid: 'by-hand' }] },
    },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'by-hand', namespace: 'shop', uid: 'by-hand' } },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'of-global', namespace: 'shop', ownerReferences: [{ kind: 'Vault', uid: 'elsewhere' }] },
    },
    { apiVersion: 'acme.io/v1', kind: 'Widget', metadata: { name: 'by-hand', namespace: 'elsewhere' } },
    // After a Deployment its ReplicaSet goes, and only then the pods (seen in the lab).
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'of-gone', namespace: 'shop', ownerReferences: [{ kind: 'ReplicaSet', uid: 'gone' }] },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'going', namespace: 'shop', deletionTimestamp: '2026-11-22T12:00:00Z' },
    },
  ];
  const clients = clientsWith(others);
  const going = await propagatedTo(clients, karmada, { name: 'one', access }, call);
  const shared = await sharedOf(clients, access, going, call);
  expect(shared.map(({ container, holds }) => [container.name, ...holds])).toEqual([
    ['shop', 'Deployment/kept', 'Secret/by-hand', 'Secret/of-global', 'Widget/by-hand'],
    ['widgets.acme.io', 'elsewhere/Widget/by-hand'],
  ]);
});

it('takes nothing of others with it where there is none', async () => {
  const clients = clientsWith([]);
  const going = await propagatedTo(clients, karmada, { name: 'one', access }, call);
  const shared = await sharedOf(clients, access, going, call);
  expect(shared.map(({ container, holds }) => [container.name, ...holds])).toEqual([['shop', 'Deployment/kept']]);
});

describe('a type that the member does not tell of', () => {
  const widgetKind = { spec: { group: 'acme.io', names: { kind: 'Widget' } } };

  function propagatedWithout(
    type: string,
    { definitions = [], service }: { definitions?: readonly object[]; service?: object },
  ) {
    const { kubectl } = clientsWith([]);
    const list: typeof kubectl.list = async (_, { kind }, as) =>
      kind === 'customresourcedefinitions'
        ? definitions.map((each) => as.parse(each))
        : await kubectl.list(_, { kind }, as, call);
    const get: typeof kubectl.get = async (_, __, as) => (service === undefined ? undefined : as.parse(service));
    const listIfServed: typeof kubectl.listIfServed = async (at, ref, as) =>
      ref.kind === type ? undefined : await kubectl.listIfServed(at, ref, as, call);
    const clients = { kubectl: { ...kubectl, list, get, listIfServed }, concurrency: 1 };
    return propagatedTo(clients, karmada, { name: 'one', access }, call);
  }

  it('and that was never defined there has no object there', async () => {
    const found = await propagatedWithout('Widget.v1.acme.io', {});
    expect(found.map(({ kind }) => kind)).not.toContain('Widget');
  });

  it.each([
    ['Kubernetes’ own', 'DaemonSet.v1.apps', {}],
    ['of the core group', 'Pod', {}],
    [
      'defined there',
      'Widget.v1.acme.io',
      { definitions: [object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'widgets.acme.io', widgetKind)] },
    ],
    [
      'served by another API server',
      'Widget.v1.acme.io',
      {
        service: object('apiregistration.k8s.io/v1', 'APIService', 'v1.acme.io', {
          spec: { service: { name: 'acme' } },
        }),
      },
    ],
  ])('but is %s is no proof of anything', async (_, type, there) => {
    await expect(propagatedWithout(type, there)).rejects.toMatchObject({
      code: 'cluster-unreachable',
      message: `the Kubernetes API of one does not list its objects of type ${type}`,
    });
  });
});
