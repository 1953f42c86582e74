/** What `kubectl apply` remembers on an object, so that the next one removes what is no longer in the manifest (apply/patcher.go). */

import { canonical, isJson, type Json, mapAt, textAt } from '../../json.js';
import type { KubeObjectState } from '../../state.js';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** The manifest with its own text in an annotation. */
export function remembering(manifest: Json, namespace: string): Json {
  const annotations = mapAt(manifest, 'metadata', 'annotations');
  const metadata = { ...(isJson(manifest['metadata']) ? manifest['metadata'] : {}), annotations };
  const said = { ...manifest, metadata: namespace === '' ? metadata : { ...metadata, namespace } };
  return { ...said, metadata: { ...metadata, annotations: { ...annotations, [annotation]: `${canonical(said)}\n` } } };
}

/** The merge patch that brings an object to a manifest: with null for what the last manifest had and this one does not. */
export function patchTo(old: KubeObjectState, manifest: Json, namespace: string): Json {
  const text = textAt(old, 'metadata', 'annotations', annotation);
  const last: unknown = text === '' ? {} : JSON.parse(text);
  return removing(last, remembering(manifest, namespace));
}

function removing(last: unknown, next: Json): Json {
  const kept = Object.entries(next).map(([name, value]) => {
    return [name, isJson(value) ? removing(isJson(last) ? last[name] : {}, value) : value] as const;
  });
  const gone = isJson(last) ? Object.keys(last).filter((name) => next[name] === undefined) : [];
  return Object.fromEntries([...kept, ...gone.map((name) => [name, null] as const)]);
}
