/** Which proxy a download goes through, by the variables that curl reads too, and the tunnel through it. */
import { type ClientRequest, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { Problem } from '../../errors/problem.js';
import type { Environment } from '../environment.js';

/**
 * The proxy of an https address: `HTTPS_PROXY`, else `ALL_PROXY`, in capitals or not, unless `NO_PROXY` names the host.
 * @throws Problem `invalid-value` for a proxy that is not an http or https address
 */
export function proxyFor(url: URL, vars: Environment['vars']): URL | undefined {
  const said = (name: string): string | undefined => vars[name.toLowerCase()] || vars[name] || undefined;
  const text = said('HTTPS_PROXY') ?? said('ALL_PROXY');
  if (url.protocol !== 'https:' || text === undefined || isExempt(url, said('NO_PROXY') ?? '')) return undefined;
  const address = text.includes('://') ? text : `http://${text}`;
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return new URL(address);
  throw new Problem('invalid-value', {
    what: 'the proxy in HTTPS_PROXY or ALL_PROXY is not an http or https address',
    next: ['give one like http://proxy.example:3128'],
  });
}

/** An entry stands for a host and all below it, for everything (`*`), or for one port (`host:port`). */
function isExempt(url: URL, list: string): boolean {
  const port = url.port || '443';
  return list
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [name = '', onlyPort] = entry.replace(/^\*?\./, '').split(':');
      const sameHost = url.hostname === name || url.hostname.endsWith(`.${name}`);
      return sameHost && (onlyPort === undefined || onlyPort === port);
    });
}

/** Has the proxy connect to the host. Rejects when it does not, with a Problem `download-failed` for its status. */
export async function tunnel(proxy: URL, to: URL, signal: AbortSignal): Promise<Socket> {
  const target = `${to.hostname}:${to.port || 443}`;
  const options = { method: 'CONNECT', path: target, headers: { host: target, ...credentials(proxy) }, signal };
  const asked = proxy.protocol === 'https:' ? httpsRequest(proxy, options) : httpRequest(proxy, options);
  return await connected(asked, proxy);
}

function connected(asked: ClientRequest, proxy: URL): Promise<Socket> {
  return new Promise((resolve, reject) => {
    asked.once('error', reject);
    // Once the tunnel stands, what happens to the request object is nobody's business any more.
    asked.once('connect', ({ statusCode }, socket) => {
      asked.on('error', () => undefined);
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new Problem('download-failed', { what: `the proxy ${proxy.host} answered ${statusCode}` }));
    });
    asked.end();
  });
}

function credentials({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(plain).toString('base64')}` };
}
