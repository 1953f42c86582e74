/** What people put into a fleet: data in its clusters, and workloads into Karmada. */

import { settle } from '../../src/rehearsal/account/settle.js';
import type { Account } from '../../src/rehearsal/account.js';
import { builtIn, createObject, findObject } from '../../src/rehearsal/kube/api-server/store.js';
import type { ApiState } from '../../src/rehearsal/state.js';

type Manifest = Readonly<Record<string, unknown>>;

function put(account: Account, api: ApiState, plural: string, manifest: Manifest): void {
  const { name, namespace = '' } = manifest['metadata'] as { name: string; namespace?: string };
  if (findObject(api, plural, namespace, name) !== undefined) return;
  createObject(api, builtIn(plural), { ...manifest }, account.now());
}

function deployment(name: string, namespace: string, podSpec: Manifest): Manifest {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name, image: name }], ...podSpec } };
  return { metadata: { name, namespace }, spec: { replicas: 1, selector: { matchLabels: labels }, template } };
}

/** A database with a claim of 100 GiB; its volume is made within a minute where the driver works. */
export function putDatabase(account: Account, key: string, namespace = 'data'): void {
  const api = account.state.apis[key];
  if (api === undefined) return;
  const requests = { storage: '100Gi' };
  put(account, api, 'namespaces', { metadata: { name: namespace } });
  put(account, api, 'persistentvolumeclaims', {
    metadata: { name: 'postgres', namespace },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests }, storageClassName: 'ebs-sc' },
  });
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'postgres' } }];
  put(account, api, 'deployments', deployment('postgres', namespace, { volumes }));
  settle(account);
}

/** A namespace with a Deployment and a policy that takes it to all members. */
export function putShop(account: Account, key: string, namespace = 'shop'): void {
  const karmada = account.state.apis[key];
  if (karmada === undefined) return;
  put(account, karmada, 'namespaces', { metadata: { name: namespace } });
  put(account, karmada, 'deployments', deployment('web', namespace, {}));
  put(account, karmada, 'propagationpolicies', {
    metadata: { name: 'web', namespace },
    spec: {
      resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }],
      placement: { replicaScheduling: { replicaSchedulingType: 'Duplicated' } },
    },
  });
  settle(account);
}
