/** Real HTTP calls of a port of this machine, with an answer that need not fit into memory. */
import { type ClientRequest, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { Problem } from '../../../errors/problem.js';
import type { HttpPost, PostRequest, PostResult } from '../../http.js';

/** Neither `localhost`, which may resolve to anything, nor any other name. */
const hosts = ['127.0.0.1', '[::1]'];

export const realHttpPost: HttpPost = async (asked) => {
  if (!hosts.includes(new URL(asked.url).hostname))
    return { kind: 'failed', reason: `${asked.url} is not on this machine` };
  return await answered(asked, (options, onAnswer) => request(asked.url, options, onAnswer));
};

type Send = (options: RequestOptions, onAnswer: (response: IncomingMessage) => void) => ClientRequest;

/** Posts with what makes the request, by whichever protocol. */
export async function answered(asked: PostRequest, send: Send): Promise<PostResult> {
  try {
    const response = await open(asked, send);
    return { kind: 'answered', status: response.statusCode ?? 0, bytes: bytesOf(response, asked) };
  } catch (thrown) {
    return failure(thrown);
  }
}

export function failure(thrown: unknown): { readonly kind: 'failed'; readonly reason: string } {
  return { kind: 'failed', reason: thrown instanceof Error ? thrown.message : String(thrown) };
}

/** An agent of its own, so that no connection outlives the call. */
async function open({ url, body, idleMs, signal }: PostRequest, send: Send): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = send({ method: 'POST', headers, agent: false, signal, timeout: idleMs }, (response) => {
      answering = response;
      resolve(response);
    });
    let answering: IncomingMessage | undefined;
    // Whoever reads the answer sees the error of the answer, not that of the request.
    sent.on('timeout', () => (answering ?? sent).destroy(silent(url, idleMs)));
    sent.on('error', reject);
    sent.end(body);
  });
}

async function* bytesOf(response: IncomingMessage, { url, signal }: PostRequest): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response) yield chunk;
  } catch (cause) {
    if (signal.aborted) throw new Problem('interrupted', { what: `reading ${url} was stopped` });
    if (cause instanceof Problem) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Problem('network-unreachable', { what: `the answer of ${url} ended early`, why, next: again, cause });
  } finally {
    response.destroy();
  }
}

const again = ['run the same command again'];

function silent(url: string, idleMs: number): Problem {
  return new Problem('network-unreachable', {
    what: `${url} was silent`,
    why: `no data received for ${idleMs / 1000} s`,
    next: again,
  });
}
