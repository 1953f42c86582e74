/** Empties and removes namespaces that were deleted, and what else waited for its finalizers. */
import type { ApiState, KubeObjectState } from '../../state.js';
import { endFreed, requestDeletion } from '../api-server/deletion.js';
import { knownResource } from '../api-server/resources.js';
import { dropObject, listObjects } from '../api-server/store.js';
import { elapsed, type Tick } from '../tick.js';
import { worksIn } from './works.js';

/** How long a namespace takes to go at least (observed with 1.18.2: ~11 s). */
const namespaceMs = 11_000;

export function settleNamespaces(tick: Tick, api: ApiState): void {
  if (endFreed(api)) tick.wake(tick.at);
  for (const namespace of listObjects(api, 'namespaces', '')) {
    if (namespace.metadata.deletionTimestamp === undefined) continue;
    const over = elapsed(tick, namespace, 'deletingSince', true, namespaceMs);
    const left = contents(api, namespace.metadata.name);
    for (const [plural, object] of left) {
      if (object.metadata.deletionTimestamp === undefined) requestDeletion(tick.at, api, plural, object);
    }
    const remaining = [...contents(api, namespace.metadata.name), ...heldWorks(tick, api, namespace.metadata.name)];
    if (over && remaining.length === 0) {
      dropObject(api, 'namespaces', namespace);
      tick.wake(tick.at);
    } else if (over) {
      namespace['status'] = { phase: 'Terminating', conditions: conditionsOf(remaining) };
    }
  }
}

/** Each stays until its object in the member is gone (1.18.2, pkg/controllers/execution). */
function heldWorks(tick: Tick, api: ApiState, namespace: string): Remaining {
  const finalizers = ['karmada.io/execution-controller'];
  const works = api.kind === 'karmada' ? worksIn(tick, api, namespace) : [];
  return works.map((work) => ['works', { ...work, metadata: { ...work.metadata, finalizers } }] as const);
}

type Remaining = readonly (readonly [plural: string, object: KubeObjectState])[];

/** In the words of kubernetes, pkg/controller/namespace/deletion/status_condition_utils.go (1.34.4). */
function conditionsOf(remaining: Remaining): readonly unknown[] {
  const types = remaining.map(([plural]) => `${plural}.${knownResource(plural)?.group ?? ''} has`);
  const finalizers = remaining.flatMap(([, { metadata }]) =>
    Array.isArray(metadata['finalizers']) ? metadata['finalizers'].map((each) => `${each} in`) : [],
  );
  return [
    told('NamespaceContentRemaining', 'SomeResourcesRemain', 'Some resources are remaining', types),
    ...(finalizers.length === 0
      ? []
      : [
          told(
            'NamespaceFinalizersRemaining',
            'SomeFinalizersRemain',
            'Some content in the namespace has finalizers remaining',
            finalizers,
          ),
        ]),
  ];
}

function told(type: string, reason: string, what: string, words: readonly string[]): object {
  const each = [...new Set(words)].map(
    (word) => `${word} ${words.filter((other) => other === word).length} resource instances`,
  );
  return { type, status: 'True', reason, message: `${what}: ${each.sort().join(', ')}` };
}

function contents(api: ApiState, namespace: string) {
  return Object.entries(api.objects).flatMap(([key, object]) => {
    const [plural = '', of = ''] = key.split('/');
    return of === namespace ? [[plural, object] as const] : [];
  });
}
