/** Kubernetes events: one an object and reason, as `kubectl get events` shows them. */
import type { ApiState, KubeObjectState } from '../../state.js';
import type { Tick } from '../tick.js';
import { builtIn, createObject, findObject, timestamp, upsert } from './store.js';

/** Why something did or did not happen to an object. */
export interface Happening {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** Records it the first time; the same reason again adds nothing. */
export function recordEvent(tick: Tick, api: ApiState, object: KubeObjectState, happening: Happening): void {
  const manifest = eventOf(tick, object, happening);
  const { namespace, name } = manifest.metadata;
  if (findObject(api, 'events', namespace, name) !== undefined) return;
  createObject(api, builtIn('events'), manifest, tick.at);
}

/**
 * Records it each time, with the last words and the last moment. Nothing new is recorded in a namespace that is being
 * deleted.
 */
export function recordAgain(tick: Tick, api: ApiState, object: KubeObjectState, happening: Happening): void {
  const manifest = eventOf(tick, object, happening);
  const { namespace } = manifest.metadata;
  if (findObject(api, 'namespaces', '', namespace)?.metadata.deletionTimestamp !== undefined) return;
  upsert(api, 'events', manifest, tick.at);
}

function eventOf(tick: Tick, { kind, metadata }: KubeObjectState, { type, reason, message }: Happening) {
  const namespace = metadata.namespace ?? 'default';
  const name = `${metadata.name}.${metadata.uid.slice(0, 8)}.${reason.toLowerCase()}`;
  const involvedObject = { kind, namespace, name: metadata.name, uid: metadata.uid };
  const when = timestamp(tick.at);
  return { metadata: { name, namespace }, involvedObject, type, reason, message, lastTimestamp: when };
}
