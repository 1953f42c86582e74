/** An API with what every Kubernetes API has from the start. */
import type { ApiState, Moment, PlainState } from '../../state.js';
import { builtIn, createObject } from './store.js';

export interface ApiOptions {
  /** `eks/<region>/<cluster>`, `karmada/<region>/<parent>` or `plain/<name>`. */
  readonly key: string;
  readonly kind: ApiState['kind'];
  readonly region: string;
  /** Cluster name; for a Karmada API the name of its parent. */
  readonly cluster: string;
  readonly plain?: PlainState;
}

const firstNamespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'] as const;

/** The API server's own Service, which it makes itself. */
const ownService = {
  metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
  spec: { type: 'ClusterIP', ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: 443 }] },
};

/** The uids of its objects differ between two APIs of the same name, because the moment counts. */
export function newApi(options: ApiOptions, now: Moment): ApiState {
  const api: ApiState = { ...options, objects: {}, nextUid: now % 1_000_000_007, reachable: true };
  for (const name of firstNamespaces) createObject(api, builtIn('namespaces'), { metadata: { name } }, now);
  createObject(api, builtIn('services'), ownService, now);
  return api;
}
