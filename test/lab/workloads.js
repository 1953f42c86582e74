/** What is in members that leave, with the real Karmada: counted, kept, deleted, and what others put beside it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

const deployment = (name, replicas) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop' },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'nginx', image: 'nginx:1', imagePullPolicy: 'IfNotPresent' }] },
    },
  },
});

const settings = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'shop' },
  data: { a: '1' },
};

const policy = {
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  metadata: { name: 'shop', namespace: 'shop' },
  spec: {
    resourceSelectors: [
      { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      { apiVersion: 'v1', kind: 'ConfigMap', name: 'settings' },
    ],
    placement: {},
  },
};

/** Namespace `shop` with nginx and a ConfigMap in all members; waits until they run there. */
export async function propagate(reach, members) {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
  await apply(reach, 'karmada-apiserver', [namespace, deployment('web', 3), settings, policy]);
  for (const member of members) await untilReady(reach, member, 'web', 3);
}

/** A Deployment that Karmada knows nothing of, in the namespace that it made. */
export async function byHand(reach, member) {
  await apply(reach, member, [deployment('by-hand', 1)]);
  await untilReady(reach, member, 'by-hand', 1);
}

/** What is in namespace `shop` of a member, with the uids, sorted. */
export async function inShop(reach, member) {
  const args = ['get', 'namespaces,deployments,pods,configmaps', '-A', '-o', 'json'];
  const { items } = JSON.parse(await kubectl(reach, member, args));
  return items
    .filter(({ kind, metadata }) => (kind === 'Namespace' ? metadata.name : metadata.namespace) === 'shop')
    .filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
    .map(({ kind, metadata }) => `${kind}/${metadata.name} ${metadata.uid}${marked(metadata)}`)
    .sort();
}

/** Pods go some seconds after their Deployment. */
export async function expectInShop(reach, member, wanted) {
  let found = '';
  for (let looks = 0; looks < 30; looks += 1) {
    found = (await inShop(reach, member)).join();
    if (found === wanted) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error(`in namespace shop of ${member} is ${found}, expected ${wanted}`);
}

/** Takes all of it out of Karmada, and so out of the members that have it from there; waits until it is. */
export async function withdraw(reach) {
  await kubectl(reach, 'karmada-apiserver', ['delete', 'namespace', 'shop', '--timeout=60s']);
  for (let looks = 0; looks < 30; looks += 1) {
    const works = await kubectl(reach, 'karmada-apiserver', ['get', 'works', '-A', '-o', 'name']);
    if (!/\/(shop|web|settings)-/.test(works)) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error('Karmada still has works of namespace shop');
}

function marked({ labels = {}, annotations = {}, deletionTimestamp }) {
  const marks = [...Object.keys(labels), ...Object.keys(annotations)].filter((key) => key.includes('karmada.io/'));
  return `${marks.length > 0 ? ' (of Karmada)' : ''}${deletionTimestamp ? ' (going)' : ''}`;
}

async function untilReady(reach, member, name, replicas) {
  for (let looks = 0; looks < 60; looks += 1) {
    const text = await kubectl(reach, member, [
      'get',
      'deployment',
      name,
      '-n',
      'shop',
      '-o',
      'json',
      '--ignore-not-found',
    ]);
    if (text !== '' && JSON.parse(text).status?.readyReplicas === replicas) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error(`${name} is not ready in ${member}`);
}

async function apply(reach, context, items) {
  const making = run('kubectl', [`--kubeconfig=${reach.kubeconfig}`, `--context=${context}`, 'apply', '-f', '-'], {
    env: reach.env,
  });
  making.child.stdin.end(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  await making;
}

async function kubectl({ env, kubeconfig }, context, args) {
  const flags = [`--kubeconfig=${kubeconfig}`, `--context=${context}`];
  return (await run('kubectl', [...flags, ...args], { env, maxBuffer: 1e8 })).stdout;
}
