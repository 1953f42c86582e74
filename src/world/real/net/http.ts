/** Real HTTP reads. */
import { text } from 'node:stream/consumers';
import type { Environment } from '../../environment.js';
import type { HttpGet } from '../../http.js';
import { openUrl } from './open-url.js';

/** Reads like a download: through the proxy, following redirects. */
export function realHttpGet({ vars }: Pick<Environment, 'vars'>): HttpGet {
  return async (url, timeoutMs, method = 'GET') => {
    try {
      const response = await openUrl(url, { method, vars, headers: {}, signal: AbortSignal.timeout(timeoutMs) });
      return { kind: 'answered', status: response.statusCode ?? 0, body: await text(response) };
    } catch (thrown) {
      return { kind: 'failed', reason: reasonOf(thrown) };
    }
  };
}

/** If a host has several addresses, each has its own error; for a request that timed out the cause says so. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown instanceof AggregateError) return thrown.errors.map(reasonOf).join('; ');
  return thrown.cause instanceof Error ? reasonOf(thrown.cause) : thrown.message;
}
