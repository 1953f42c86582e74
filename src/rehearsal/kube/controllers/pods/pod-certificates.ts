/**
 * Which of Karmada's certificates a pod uses. Whoever has read them at its start keeps them; etcd and the API server take new files by
 * themselves. With one that has ended a component ends, and its container is started again and again.
 */
import { X509Certificate } from 'node:crypto';
import { textAt } from '../../../json.js';
import type { ApiState, KubeObjectState, Moment } from '../../../state.js';
import { findObject } from '../../api-server/store.js';
import { elapsed, notedNumber, notedText, notes, type Tick } from '../../tick.js';

/** From a changed Secret to the process that reads its file: the kubelet's sync and the reload (observed with 1.34: 75 s at most). */
const reloadMs = 75_000;
/** Until the container of a component that cannot start is started again: the kubelet's longest back-off. */
const restartMs = 300_000;

/** The certificate that decides about a component: with an ended one it does not work (karmada#4787). */
const deciding: Readonly<Record<string, string>> = {
  etcd: 'etcd-server.crt',
  'karmada-apiserver': 'etcd-client.crt',
  'karmada-aggregated-apiserver': 'karmada.crt',
  'kube-controller-manager': 'karmada.crt',
  'karmada-scheduler': 'karmada.crt',
  'karmada-controller-manager': 'karmada.crt',
  'karmada-webhook': 'karmada.crt',
};

const reloading: readonly string[] = ['etcd', 'karmada-apiserver'];

/** Takes certificates at a pod's start and, where it does that, later; answers whether the pod cannot work with those it has. */
export function settleCertificates(tick: Tick, api: ApiState, pod: KubeObjectState, isStarting: boolean): boolean {
  const app = pod.metadata.labels?.['app'] ?? '';
  const entry = deciding[app];
  const used = notedText(pod, 'certificate');
  const isConcerned = pod.metadata.namespace === 'karmada-system' && entry !== undefined;
  if (!isConcerned || (used === undefined && !isStarting)) return false;
  const secret = findObject(api, 'secrets', 'karmada-system', 'karmada-cert');
  const kept = textAt(secret, 'data', entry);
  if (used === undefined || takesNew(tick, pod, app, used !== kept || servesOld(pod, app, secret))) {
    const own = notes(pod);
    own['certificate'] = kept;
    own['served'] = textAt(secret, 'data', 'apiserver.crt');
    own['certificateUntil'] = kept === '' ? Number.MAX_SAFE_INTEGER : endOf(kept);
    delete own['servingSince'];
  }
  const until = untilOf(pod);
  if (until <= tick.at) return true;
  if (until < Number.MAX_SAFE_INTEGER) tick.wake(until);
  return false;
}

function servesOld(pod: KubeObjectState, app: string, secret: KubeObjectState | undefined): boolean {
  return app === 'karmada-apiserver' && notedText(pod, 'served') !== textAt(secret, 'data', 'apiserver.crt');
}

function takesNew(tick: Tick, pod: KubeObjectState, app: string, differs: boolean): boolean {
  const isEnded = untilOf(pod) <= tick.at;
  const reloads = elapsed(tick, pod, 'reloadingSince', differs && reloading.includes(app), reloadMs);
  return elapsed(tick, pod, 'restartingSince', differs && isEnded, restartMs) || reloads;
}

function untilOf(pod: KubeObjectState): Moment {
  return notedNumber(pod, 'certificateUntil') ?? Number.MAX_SAFE_INTEGER;
}

/** The certificate, base64 of PEM, that a pod of the API server presents. */
export function servedBy(pod: KubeObjectState | undefined): string | undefined {
  return pod === undefined ? undefined : notedText(pod, 'served');
}

/** Few are in use at a time, and reading one takes longer than all else that a call does. */
const known = new Map<string, X509Certificate>();

/** A certificate from base64 of its PEM; undefined for any other text. */
export function certificateOf(base64: string): X509Certificate | undefined {
  const found = known.get(base64);
  if (found !== undefined) return found;
  try {
    const read = new X509Certificate(Buffer.from(base64, 'base64'));
    if (known.size > 50) known.clear();
    known.set(base64, read);
    return read;
  } catch {
    return undefined;
  }
}

/** When a certificate ends. */
export function endOf(base64: string): Moment {
  return Date.parse(certificateOf(base64)?.validTo ?? '');
}
