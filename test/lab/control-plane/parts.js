/** What the scenes ask of the control plane: where its pods are, whether it is complete, and what fails while something is done to it. */
import { setTimeout as pause } from 'node:timers/promises';
import { told, watchApi } from '../watched-api.js';

const namespace = ['-n', 'karmada-system'];

export const deployments = [
  'karmada-apiserver',
  'karmada-aggregated-apiserver',
  'karmada-webhook',
  'kube-controller-manager',
  'karmada-controller-manager',
  'karmada-scheduler',
];

/** kubectl in Karmada's namespace of the parent. */
export async function inNamespace({ inParent }, args) {
  return (await inParent.kubectl([...namespace, ...args])).trim();
}

/** The nodes of a component's pods, one for each pod. */
export async function nodesOf(plane, app) {
  const path = 'jsonpath={.items[*].spec.nodeName}';
  return (await inNamespace(plane, ['get', 'pods', '-l', `app=${app}`, '-o', path])).split(' ').filter(Boolean);
}

/** Until every component has all its pods ready. @returns the seconds that it took */
export async function untilComplete(plane, limit = 180) {
  const began = Date.now();
  for (const each of ['statefulset/etcd', ...deployments.map((name) => `deployment/${name}`)])
    await inNamespace(plane, ['rollout', 'status', each, `--timeout=${limit}s`]);
  return Math.round((Date.now() - began) / 1000);
}

/**
 * Does something while a reader and a writer call the API; none of their calls may fail, or none for longer than a client asks again.
 * @returns the counts, as a sentence
 */
export async function whileCalled({ karmadaConfig, expect }, work, mayFailForMs = 0) {
  const watch = await watchApi(karmadaConfig);
  let more;
  let seen;
  try {
    more = await work();
  } finally {
    seen = await watch.ended();
  }
  const { failed, longestMs } = seen;
  const line = `${told(seen)}${failed.length > 0 ? `, the same again and again for ${longestMs} ms at most` : ''}`;
  expect(mayFailForMs === 0 ? failed.length === 0 : longestMs <= mayFailForMs, line);
  return more === undefined ? line : `${more}; ${line}`;
}

/** The pod that leads by a Lease in Karmada. */
export async function leaderOf({ inKarmada }, lease) {
  const path = 'jsonpath={.spec.holderIdentity}';
  return (await inKarmada.kubectl([...namespace, 'get', 'lease', lease, '-o', path])).trim().split('_')[0];
}

/** The first answer that is not undefined; asked every second. */
export async function until(what, limitSeconds, ask) {
  for (let looks = 0; looks < limitSeconds; looks += 1) {
    const found = await ask();
    if (found !== undefined) return found;
    await pause(1000);
  }
  throw new Error(`${what}: not within ${limitSeconds} s`);
}
