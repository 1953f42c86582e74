/** Workloads of users in members, as the tests of leaving members put them there and find them again. */
import type { Account } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import type { KubeObjectState } from '../../src/rehearsal/state.js';
import { fleetFolder } from './fleet.js';

const labels = { app: 'web' };

/** Namespace `shop` with Deployment `web`, three replicas in each of these members. */
export function shopObjects(members: readonly string[]): readonly object[] {
  const metadata = { name: 'web', namespace: 'shop' };
  const resourceSelectors = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }];
  const placement = { clusterAffinity: { clusterNames: members } };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx' }] } };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
    {
      apiVersion: 'policy.karmada.io/v1alpha1',
      kind: 'PropagationPolicy',
      metadata,
      spec: { resourceSelectors, placement },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { replicas: 3, selector: { matchLabels: labels }, template },
    },
  ];
}

/** A Deployment that nobody but its author knows of. */
export const byHand = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'by-hand', namespace: 'shop' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'by-hand' } },
    template: { metadata: { labels: { app: 'by-hand' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
  },
};

/** Applies objects as a user of the fleet's kubeconfig does, and lets the controllers work for half a minute. */
export async function applyTo(account: Account, context: string, objects: readonly object[]): Promise<void> {
  const { world } = connect(account);
  const kubeconfig = `${fleetFolder}/kubeconfigs/${context}.json`;
  const { signal } = new AbortController();
  const stdin = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  const args = [`--kubeconfig=${kubeconfig}`, `--context=${context}`, 'apply', '-f', '-'];
  const result = await world.exec({ tool: 'kubectl', args, stdin, timeoutMs: 60_000, signal });
  if (result.kind !== 'exited' || result.code !== 0) throw new Error(JSON.stringify(result));
  await account.clock.sleep(30_000);
}

/** Objects of one namespace in the API of a cluster that are not pods, by their keys. */
export function inNamespace(
  account: Account,
  cluster: string,
  namespace: string,
): Readonly<Record<string, KubeObjectState>> {
  const key = Object.keys(account.state.apis).find(
    (each) => each.endsWith(`/${cluster}`) && !each.startsWith('karmada/'),
  );
  const all = Object.entries(account.state.apis[key ?? '']?.objects ?? {});
  const isMeant = (path: string): boolean =>
    path === `namespaces//${namespace}` || (path.split('/')[1] === namespace && !path.startsWith('pods/'));
  return Object.fromEntries(all.filter(([path]) => isMeant(path)));
}

/** The uids of the workloads that run in a namespace, pods among them. */
export function running(account: Account, cluster: string, namespace: string): readonly string[] {
  const key = Object.keys(account.state.apis).find(
    (each) => each.endsWith(`/${cluster}`) && !each.startsWith('karmada/'),
  );
  return Object.entries(account.state.apis[key ?? '']?.objects ?? {})
    .filter(([path]) => /^(pods|deployments)\//.test(path) && path.split('/')[1] === namespace)
    .map(([path, { metadata }]) => `${path} ${metadata.uid}`)
    .sort();
}
