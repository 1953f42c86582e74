/** How register gets to trust a Karmada API: the ConfigMap cluster-info, a token, and the pinned hash of the CA. */

import { textAt } from '../../json.js';
import type { ToolProcess } from '../../simulation.js';
import type { ApiState } from '../../state.js';
import { parseKubeconfig } from '../access/kubeconfig.js';
import type { Refusal } from '../api-server/refusal.js';
import { findObject } from '../api-server/store.js';
import { karmadaAt } from '../controllers/control-plane.js';
import { failure, waitUntil } from './klog.js';
import { publicKeyPin, validToken } from './token.js';

export interface Discovery {
  /** host:port, without a scheme. */
  readonly endpoint: string;
  readonly token: string;
  readonly pin: string;
  readonly timeoutMs: number;
}

/** What discovery found: the API and base64 of the CA's PEM. */
export interface Discovered {
  readonly karmada: ApiState;
  readonly ca: string;
}

/**
 * A missing API or token is asked for again until the time-out; a wrong secret or hash fails at once
 * (observed with 1.18.2, register).
 */
export async function discover(process: ToolProcess, options: Discovery): Promise<Discovered> {
  const [id = '', secret = ''] = options.token.split('.');
  if (!/^[a-z0-9]{6}\.[a-z0-9]{16}$/.test(options.token)) {
    throw untrusted(
      `the bootstrap token "${options.token}" was not of the form "\\A([a-z0-9]{6})\\.([a-z0-9]{16})\\z"`,
    );
  }
  const { simulation } = process;
  const locate = () => karmadaAt({ simulation, at: simulation.now() }, `https://${options.endpoint}`);
  const error = await waitUntil(process, options.timeoutMs, () => {
    const found = locate();
    if (typeof found === 'string') return unreachable(options.endpoint, found);
    if (validToken(found.karmada, id, simulation.now()) !== undefined) return undefined;
    return `could not find a JWS signature in the cluster-info ConfigMap for token ID "${id}"`;
  });
  const found = locate();
  if (error !== undefined || typeof found === 'string') throw untrusted(error ?? 'context deadline exceeded');
  const { karmada } = found;
  const known = textAt(validToken(karmada, id, simulation.now()), 'data', 'token-secret');
  if (Buffer.from(known, 'base64').toString() !== secret) {
    throw untrusted("failed to verify JWS signature of received cluster info object, can't trust this API Server");
  }
  const info = textAt(findObject(karmada, 'configmaps', 'kube-public', 'cluster-info'), 'data', 'kubeconfig');
  const ca = parseKubeconfig(info)?.clusters[0]?.ca ?? '';
  const pin = publicKeyPin(Buffer.from(ca, 'base64').toString());
  if (options.pin === pin) return { karmada, ca };
  const why = `none of the public keys "${pin}" are pinned`;
  throw untrusted(`cluster CA found in cluster-info ConfigMap is invalid: ${why}`);
}

function untrusted(why: string): Refusal {
  return failure(`couldn't validate the identity of the API Server: ${why}`);
}

function unreachable(endpoint: string, why: 'refused' | 'no-such-host'): string {
  const [host = ''] = endpoint.split(':');
  const cause =
    why === 'refused' ? `dial tcp ${endpoint}: connect: connection refused` : `dial tcp: lookup ${host}: no such host`;
  return `Get "https://${endpoint}/api/v1/namespaces/kube-public/configmaps/cluster-info?timeout=10s": ${cause}`;
}
