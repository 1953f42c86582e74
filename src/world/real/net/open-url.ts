/** Opens an address for reading: through the proxy, following redirects, but never from https back to http. */
import { type Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Problem } from '../../../errors/problem.js';
import type { Environment } from '../../environment.js';
import { proxyAgent } from './proxy.js';

export interface Opening {
  readonly headers: Readonly<Record<string, string>>;
  readonly vars: Environment['vars'];
  readonly signal: AbortSignal;
  readonly method?: 'GET' | 'HEAD';
  /** Certificates to trust instead of Node's own, as PEM. */
  readonly ca?: string;
}

/** GitHub redirects once to its storage; curl's limit of 50 would be pointless here. */
const mostRedirects = 5;

/**
 * The response, whatever its status. Rejects with the network's error, or with Problem `download-failed`,
 * `network-unreachable` for a proxy that refuses, or `invalid-value` for an unusable proxy.
 */
export async function openUrl(address: string, opening: Opening): Promise<IncomingMessage> {
  let url = new URL(address);
  const agent = await proxyAgent(opening.vars, { keepAlive: false });
  for (let left = mostRedirects; left >= 0; left -= 1) {
    const response = await get(url, opening, agent);
    const next = redirectOf(url, response);
    if (next === undefined) return response;
    response.destroy();
    url = next;
  }
  throw new Problem('download-failed', { what: `${address} redirects more than ${mostRedirects} times` });
}

function redirectOf(from: URL, { statusCode, headers }: IncomingMessage): URL | undefined {
  if (statusCode === undefined || ![301, 302, 303, 307, 308].includes(statusCode)) return undefined;
  return headers.location === undefined ? undefined : redirectTarget(from, headers.location);
}

/** The target of a redirect. @throws Problem `download-failed` if the target is not safe */
export function redirectTarget(from: URL, location: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  if (to?.protocol === 'https:' || (to?.protocol === 'http:' && from.protocol === 'http:')) return to;
  throw new Problem('download-failed', { what: `${from.host} redirects to an address that is not https` });
}

async function get(url: URL, opening: Opening, agent: Agent | undefined): Promise<IncomingMessage> {
  const { headers, signal, method = 'GET', ca } = opening;
  const options = {
    method,
    headers: { 'accept-encoding': 'identity', 'user-agent': 'karmada-eks', ...headers },
    signal,
    ...(agent === undefined ? {} : { agent }),
    ...(ca === undefined ? {} : { ca }),
  };
  const asked = url.protocol === 'https:' ? httpsRequest(url, options) : httpRequest(url, options);
  return await new Promise((resolve, reject) => {
    asked.once('response', resolve).once('error', reject).end();
  });
}
