/** Karmada's ResourceBindings: which Deployment is to run where, with how many replicas. */

import { listAt, numberAt, textAt } from '../../json.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { findObject } from '../api-server/store.js';

/** The Deployment that a binding is for; undefined once it is gone. */
export function deploymentOf(karmada: ApiState, binding: KubeObjectState): KubeObjectState | undefined {
  return findObject(
    karmada,
    'deployments',
    binding.metadata.namespace ?? '',
    textAt(binding, 'spec', 'resource', 'name'),
  );
}

/** Replicas by member, as last scheduled. */
export function assignments(binding: KubeObjectState): Record<string, number> {
  return Object.fromEntries(
    listAt(binding, 'spec', 'clusters').map((one) => [textAt(one, 'name'), numberAt(one, 'replicas') ?? 0]),
  );
}
