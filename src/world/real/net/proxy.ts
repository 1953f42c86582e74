/** Which proxy a request uses, by the variables that curl, kubectl and the AWS CLI read, and its agent. */
import type { Agent, ClientRequest } from 'node:http';
import { Problem } from '../../../errors/problem.js';
import type { Environment } from '../../environment.js';

type Vars = Environment['vars'];

const allProxy = 'ALL_PROXY';

/** kubectl and eksctl support these too (Go, net/http, Transport.Proxy). */
const protocols = ['http:', 'https:', 'socks5:', 'socks5h:'];

/**
 * The proxy of an address: `HTTPS_PROXY` or `HTTP_PROXY` by its protocol, else `ALL_PROXY`, in upper or lower case,
 * unless `NO_PROXY` lists the host or it is this machine.
 * @throws Problem `invalid-value` for a proxy that is not an http, https or socks5 address
 */
export function proxyFor(url: URL, vars: Vars): URL | undefined {
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const text = value(vars, name) ?? value(vars, allProxy);
  if (text === undefined || isLoopback(url.hostname) || isExempt(url, value(vars, 'NO_PROXY') ?? '')) return undefined;
  const address = text.includes('://') ? text : `http://${text}`;
  const proxy = URL.canParse(address) ? new URL(address) : undefined;
  if (proxy !== undefined && proxy.hostname !== '' && protocols.includes(proxy.protocol)) return proxy;
  throw new Problem('invalid-value', {
    what: `the proxy in ${name} or ${allProxy} is not an http, https or socks5 address`,
    next: ['use an address such as http://proxy.example:3128'],
  });
}

function value(vars: Vars, name: string): string | undefined {
  return vars[name.toLowerCase()] || vars[name] || undefined;
}

/** Never called through a proxy, as by Go programs (net/http, ProxyFromEnvironment). */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
}

/**
 * An entry matches a host and its subdomains, everything (`*`), or one port (`host:port`), as with curl and kubectl;
 * proxy-agent itself would match `example.com` only as that one host.
 */
function isExempt(url: URL, list: string): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
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

/**
 * An agent for http and https that routes each request as `proxyFor` determines; undefined, with nothing loaded, if no
 * proxy is set. If the proxy rejects a request, it fails with Problem `network-unreachable`.
 */
export async function proxyAgent(vars: Vars, options: { readonly keepAlive: boolean }): Promise<Agent | undefined> {
  if (!['HTTPS_PROXY', 'HTTP_PROXY', allProxy].some((name) => value(vars, name) !== undefined)) return undefined;
  // Its debug output would show the proxy's password; programs that are run get their own copy of the variables.
  process.env['DEBUG'] = '';
  const { ProxyAgent } = await import('proxy-agent');
  return new ProxyAgent({
    ...options,
    getProxyForUrl: (address, request) => {
      const url = new URL(address);
      const proxy = proxyFor(url, vars);
      if (proxy !== undefined && url.protocol === 'https:') failWhenRefused(request, proxy, url);
      return proxy?.href ?? '';
    },
  });
}

/** Otherwise the proxy's answer would be taken for that of the host (https-proxy-agent 9.1). */
function failWhenRefused(request: ClientRequest, proxy: URL, url: URL): void {
  request.once('proxyConnect', ({ statusCode }: { readonly statusCode: number }) => {
    if (statusCode === 200) return;
    request.destroy(
      new Problem('network-unreachable', {
        what: `the proxy ${proxy.host} did not connect to ${url.host}: it responded with ${statusCode}`,
        next: [
          statusCode === 407
            ? 'include the user and password in the proxy address'
            : 'allow this host in the proxy, or add it to NO_PROXY',
          'run the same command again to continue',
        ],
      }),
    );
  });
}
