/** Real HTTPS calls of servers whose CA is known: etcd by a client certificate, an API server by a token. */
import { request } from 'node:https';
import type { HttpGet, HttpPost, HttpResult } from '../../http.js';
import { answered, failure } from './http-post.js';

/** PEM; the key is secret. */
export interface ClientCertificate {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export function httpsPost(identity: ClientCertificate): HttpPost {
  return (asked) => answered(asked, (options, onAnswer) => request(asked.url, { ...options, ...identity }, onAnswer));
}

/** Of an answer that fits into memory. `token` is secret. */
export function httpsGet({ ca, token }: { readonly ca: string; readonly token: string }): HttpGet {
  return async (url, timeoutMs, method = 'GET') =>
    await new Promise<HttpResult>((resolve) => {
      const fail = (thrown: unknown): void => resolve(failure(thrown));
      const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
      const signal = AbortSignal.timeout(timeoutMs);
      const sent = request(url, { method, headers, agent: false, ca, signal }, (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('error', fail);
        response.on('end', () => {
          const body = Buffer.concat(pieces).toString('utf8');
          resolve({ kind: 'answered', status: response.statusCode ?? 0, body });
        });
      });
      sent.on('error', fail);
      sent.end();
    });
}
