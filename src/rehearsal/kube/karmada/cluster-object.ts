/** Karmada's Cluster object of a member, as join and the agent write it. */

import type { Json } from '../../json.js';
import type { ApiState } from '../../state.js';
import { findObject } from '../api-server/store.js';

export interface MemberOptions {
  readonly name: string;
  readonly syncMode: 'Push' | 'Pull';
  /** `https://…` of the member's API. */
  readonly endpoint: string;
  readonly provider: string;
  readonly region: string;
  readonly zones: readonly string[];
}

/** The manifest; a member's id is the uid of its namespace kube-system. */
export function clusterObject(member: ApiState, options: MemberOptions): Json {
  const secretRef = (name: string) => ({ namespace: 'karmada-cluster', name });
  return {
    metadata: { name: options.name },
    spec: {
      syncMode: options.syncMode,
      apiEndpoint: options.endpoint,
      id: clusterId(member),
      secretRef: secretRef(options.name),
      impersonatorSecretRef: secretRef(`${options.name}-impersonator`),
      ...(options.provider === '' ? {} : { provider: options.provider }),
      ...(options.region === '' ? {} : { region: options.region }),
      ...(options.zones.length === 0 ? {} : { zones: [...options.zones] }),
    },
  };
}

export function clusterId(member: ApiState): string {
  return findObject(member, 'namespaces', '', 'kube-system')?.metadata.uid ?? '';
}
