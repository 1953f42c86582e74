/** What an API server does to an object before it keeps it: defaults, encodings, and fields that cannot change. */

import { isJson, type Json, mapAt, sameJson } from '../../json.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { requireMicroTimes } from './lease-times.js';
import { Refusal } from './refusal.js';
import type { ResourceType } from './resources.js';
import { defaultService } from './service-defaults.js';

/** Changes the object in place; refuses what may not be changed. `old` is what it replaces. */
export function admit(api: ApiState, type: ResourceType, object: KubeObjectState, old?: KubeObjectState): void {
  if (type.plural === 'services') defaultService(api, object);
  if (type.plural === 'secrets') encodeSecret(object);
  if (type.plural === 'leases') requireMicroTimes(object);
  if (type.plural === 'namespaces') defaultNamespace(object);
  if (type.plural === 'deployments' && old === undefined) firstRevision(object);
  if (type.plural === 'statefulsets') object['spec'] = { podManagementPolicy: 'OrderedReady', ...specOf(object) };
  if (type.plural !== 'storageclasses' || old === undefined) return;
  for (const field of ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode']) {
    if (sameJson(object[field], old[field])) continue;
    throw new Refusal(
      'Invalid',
      `StorageClass "${object.metadata.name}" is invalid: ${field}: Forbidden: updates to ${field} are forbidden.`,
    );
  }
}

function defaultNamespace(namespace: KubeObjectState): void {
  const { metadata } = namespace;
  metadata.labels = { 'kubernetes.io/metadata.name': metadata.name, ...metadata.labels };
  namespace['status'] ??= { phase: 'Active' };
}

/** The deployment controller's mark on each Deployment. */
function firstRevision({ metadata }: KubeObjectState): void {
  metadata.annotations = { 'deployment.kubernetes.io/revision': '1', ...metadata.annotations };
}

function specOf(object: KubeObjectState): Json {
  return isJson(object['spec']) ? object['spec'] : {};
}

/** An API server stores `stringData` as base64 under `data`. */
function encodeSecret(secret: KubeObjectState): void {
  const plain = mapAt(secret, 'stringData');
  const encoded = Object.entries(plain).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  secret['data'] = { ...mapAt(secret, 'data'), ...Object.fromEntries(encoded) };
  delete secret['stringData'];
}
