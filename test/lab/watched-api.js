/** A reader and a writer that call the Karmada API through the load balancer every half second, each on a new connection: what fails is counted. */
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';

const everyMs = 500;
const limitMs = 10_000;

const policies = '/apis/policy.karmada.io/v1alpha1/namespaces/default/propagationpolicies';
/** One that was deleted a moment ago may still be there. */
const policyOf = (name) => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  metadata: { name },
  spec: { resourceSelectors: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'watched' }], placement: {} },
});

/**
 * Watches the API to which a kubeconfig of the fleet leads. Writes pass Karmada's webhooks, every other read its aggregated API server.
 * `ended` answers the calls, those that failed (when, what and why), and how long the same call failed again and again at most.
 */
export async function watchApi(kubeconfig) {
  const api = apiIn(JSON.parse(readFileSync(kubeconfig, 'utf8')));
  const name = `watched-${Date.now()}`;
  await api('POST', policies, policyOf(name));
  const failed = [];
  const counts = { reads: 0, writes: 0 };
  const failingSince = new Map();
  let longestMs = 0;
  let running = true;
  const repeat = async (kind, call, calls) => {
    for (let round = 0; running; round += 1) {
      const at = Date.now();
      const same = `${kind} ${round % calls}`;
      counts[kind] += 1;
      await call(round).then(
        () => failingSince.delete(same),
        ({ message }) => {
          failed.push({ at, kind, message });
          if (!failingSince.has(same)) failingSince.set(same, at);
          longestMs = Math.max(longestMs, at - failingSince.get(same));
        },
      );
      await pause(Math.max(0, at + everyMs - Date.now()));
    }
  };
  const read = (round) =>
    api('GET', round % 2 === 0 ? '/api/v1/namespaces/default' : '/apis/cluster.karmada.io/v1alpha1/clusters');
  const write = (round) => api('PATCH', `${policies}/${name}`, { metadata: { annotations: { round: String(round) } } });
  const loops = [repeat('reads', read, 2), repeat('writes', write, 1)];
  return {
    counts,
    failed,
    ended: async () => {
      running = false;
      await Promise.all(loops);
      // An API that is lost has told so by then.
      await api('DELETE', `${policies}/${name}`).catch(() => undefined);
      return { ...counts, failed, longestMs };
    },
  };
}

/** e.g. `240 reads, 238 writes, 0 failed`; what failed is told a line each. */
export function told({ reads, writes, failed }) {
  for (const { at, kind, message } of failed.slice(0, 20))
    console.log(`       ${new Date(at).toISOString().slice(11, 23)} ${kind}: ${message.slice(0, 200)}`);
  return `${reads} reads, ${writes} writes, ${failed.length} failed`;
}

function apiIn({ clusters: [{ cluster }], users: [{ user }] }) {
  const decoded = (text) => Buffer.from(text, 'base64');
  const tls = {
    ca: decoded(cluster['certificate-authority-data']),
    cert: decoded(user['client-certificate-data']),
    key: decoded(user['client-key-data']),
  };
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
      const options = { ...tls, method, agent: false, timeout: limitMs, headers: { 'content-type': type } };
      const call = request(new URL(path, cluster.server), options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part) => (text += part));
        response.on('end', () => {
          if (response.statusCode < 300) resolve(text);
          else reject(new Error(`${response.statusCode} ${text}`));
        });
        response.on('error', reject);
      });
      call.on('timeout', () => call.destroy(new Error(`no answer within ${limitMs} ms`)));
      call.on('error', reject);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
}
