/** An API with what every Kubernetes API has from the start. */
import type { ApiState, Moment, PlainState } from '../state.js';
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

/** The uids of its objects differ between two APIs of the same name, because the moment counts. */
export function newApi(options: ApiOptions, now: Moment): ApiState {
  const api: ApiState = { ...options, objects: {}, nextUid: now % 1_000_000_007, reachable: true };
  for (const name of firstNamespaces) createObject(api, builtIn('namespaces'), { metadata: { name } }, now);
  return api;
}
