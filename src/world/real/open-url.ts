/** Opens an address for reading: through the proxy, after redirects, and never from https back to http. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect as connectTls } from 'node:tls';
import { Problem } from '../../errors/problem.js';
import type { Environment } from '../environment.js';
import { proxyFor, tunnel } from './proxy.js';

/** How an address is opened. */
export interface Opening {
  readonly headers: Readonly<Record<string, string>>;
  readonly vars: Environment['vars'];
  readonly signal: AbortSignal;
  /** Certificates to trust instead of Node's own, as PEM. */
  readonly ca?: string;
}

/** GitHub redirects once to its storage; curl's own limit of 50 serves nobody here. */
const mostRedirects = 5;

/** The answer to GET, whatever its status. Rejects with the network's error, or Problem `download-failed`. */
export async function openUrl(address: string, opening: Opening): Promise<IncomingMessage> {
  let url = new URL(address);
  for (let left = mostRedirects; left >= 0; left -= 1) {
    const response = await get(url, opening);
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

/** Where a redirect leads. @throws Problem `download-failed` when that is not a safe place */
export function redirectTarget(from: URL, location: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  if (to?.protocol === 'https:' || (to?.protocol === 'http:' && from.protocol === 'http:')) return to;
  throw new Problem('download-failed', { what: `${from.host} redirects to an address that is not https` });
}

async function get(url: URL, { headers, vars, signal, ca }: Opening): Promise<IncomingMessage> {
  const proxy = proxyFor(url, vars);
  const trusted = ca === undefined ? {} : { ca };
  const socket = proxy && (await tunnel(proxy, url, signal));
  const options = { headers: { 'accept-encoding': 'identity', 'user-agent': 'karmada-eks', ...headers }, signal };
  const { hostname } = url;
  const tunnelled = socket && {
    // Only without an agent is this asked for a connection.
    createConnection: () => connectTls({ socket, servername: hostname, ...trusted }),
  };
  const asked =
    url.protocol === 'https:' ? httpsRequest(url, { ...options, ...trusted, ...tunnelled }) : httpRequest(url, options);
  return await new Promise((resolve, reject) => {
    asked.once('response', resolve).once('error', reject).end();
  });
}
