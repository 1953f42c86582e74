/** Real HTTP calls of this machine, against a server on it. */
import { expect, it } from 'vitest';
import type { PostRequest } from '../../src/world/http.js';
import { realHttpPost } from '../../src/world/real/net/http-post.js';
import { loopback } from './loopback.js';

function request(url: string, more: Partial<PostRequest> = {}): PostRequest {
  return { url, body: '{}', idleMs: 5000, signal: new AbortController().signal, ...more };
}

async function bytesFrom(asked: PostRequest): Promise<AsyncIterable<Uint8Array>> {
  const answer = await realHttpPost(asked);
  if (answer.kind === 'failed') throw new TypeError(answer.reason);
  return answer.bytes;
}

async function all(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const piece of bytes) text += Buffer.from(piece).toString();
  return text;
}

it('posts JSON, and hands the answer on while it comes', async () => {
  let end = (): void => undefined;
  const url = await loopback(async (asked, response) => {
    const body = await all(asked);
    response.writeHead(200).write(`${asked.method} ${asked.headers['content-type']} ${body}\n`);
    end = () => response.end('end');
  });
  const pieces: string[] = [];
  for await (const piece of await bytesFrom(request(url, { body: '{"a":1}' }))) {
    pieces.push(Buffer.from(piece).toString());
    end();
  }
  expect(pieces).toEqual(['POST application/json {"a":1}\n', 'end']);
});

it('answers the status of a refusal, with its text', async () => {
  const answer = await realHttpPost(request(await loopback((_, response) => response.writeHead(404).end('no'))));
  expect(answer).toMatchObject({ kind: 'answered', status: 404 });
  expect(answer.kind === 'answered' && (await all(answer.bytes))).toBe('no');
});

it('calls this machine only, by its number', async () => {
  for (const url of ['http://localhost:1/', 'http://192.0.2.1/', 'http://127.0.0.1.example.com/'])
    expect(await realHttpPost(request(url))).toEqual({ kind: 'failed', reason: `${url} is not on this machine` });
});

it('reports what refuses the connection', async () => {
  const failed = await realHttpPost(request('http://127.0.0.1:1/'));
  expect(failed).toMatchObject({ kind: 'failed', reason: expect.stringContaining('ECONNREFUSED') });
});

it('does not take half of an answer for the whole', async () => {
  const url = await loopback((_, response) => {
    response.writeHead(200, { 'content-length': 10 }).write('half');
    setTimeout(() => response.destroy(), 20);
  });
  await expect(all(await bytesFrom(request(url)))).rejects.toMatchObject({
    code: 'network-unreachable',
    message: `the answer of ${url} ended early`,
  });
});

it('gives up on silence before the answer and in it', async () => {
  const silent = await loopback(() => {});
  expect(await realHttpPost(request(silent, { idleMs: 50 }))).toEqual({
    kind: 'failed',
    reason: `${silent} was silent`,
  });
  const url = await loopback((_, response) => void response.writeHead(200).write('begins'));
  await expect(all(await bytesFrom(request(url, { idleMs: 1_000 })))).rejects.toMatchObject({
    code: 'network-unreachable',
    message: `${url} was silent`,
    why: 'no data received for 1 s',
  });
});

it('ends on the signal', async () => {
  const url = await loopback((_, response) => void response.writeHead(200).write('begins'));
  const abort = new AbortController();
  const read = all(await bytesFrom(request(url, { signal: abort.signal })));
  setTimeout(() => abort.abort(), 20);
  await expect(read).rejects.toMatchObject({ code: 'interrupted' });
});
