/** Kubernetes events: one an object and reason, as `kubectl get events` shows them. */
import type { ApiState, KubeObjectState } from '../../state.js';
import type { Tick } from '../tick.js';
import { builtIn, createObject, findObject, timestamp } from './store.js';

/** Records why something did or did not happen to an object; the same reason again adds nothing. */
export function recordEvent(
  tick: Tick,
  api: ApiState,
  object: KubeObjectState,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void {
  const namespace = object.metadata.namespace ?? 'default';
  const name = `${object.metadata.name}.${object.metadata.uid.slice(0, 8)}.${reason.toLowerCase()}`;
  if (findObject(api, 'events', namespace, name) !== undefined) return;
  const { kind, metadata } = object;
  const involvedObject = { kind, namespace, name: metadata.name, uid: metadata.uid };
  const when = timestamp(tick.at);
  const manifest = { metadata: { name, namespace }, involvedObject, type, reason, message, lastTimestamp: when };
  createObject(api, builtIn('events'), manifest, tick.at);
}
