/** Real downloads, from a server on this machine that does all that servers do. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { DownloadProgress, DownloadRequest } from '../../src/world/download.js';
import { realDownloads } from '../../src/world/real/net/download.js';
import { redirectTarget } from '../../src/world/real/net/open-url.js';
import { loopback } from '../world/loopback.js';
import { tempFolder } from '../world/temp-folder.js';

const content = randomBytes(300_000);

/** Serves the content as a good server does. */
function serve(request: IncomingMessage, response: ServerResponse, bytes: Buffer = content, etag = '"one"'): void {
  const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
  const start = range !== undefined && request.headers['if-range'] === etag ? Number(range) : undefined;
  if (start === undefined) {
    response.writeHead(200, { etag, 'content-length': bytes.length }).end(bytes);
    return;
  }
  const headers = {
    etag,
    'content-length': bytes.length - start,
    'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
  };
  response.writeHead(206, headers).end(bytes.subarray(start));
}

/** Breaks the connection after so many bytes. */
function breakAfter(response: ServerResponse, bytes: number): void {
  response.writeHead(200, { etag: '"one"', 'content-length': content.length });
  response.write(content.subarray(0, bytes), () => setTimeout(() => response.destroy(), 50));
}

async function place(listener: RequestListener) {
  const url = await loopback(listener);
  const folder = await tempFolder();
  const path = join(folder, 'deep', 'file');
  const progress: DownloadProgress[] = [];
  const fetch = (change: Partial<DownloadRequest> = {}) =>
    realDownloads({ vars: {} }).fetch({
      url: `${url}/file`,
      path,
      maxBytes: 1_000_000,
      idleMs: 5000,
      onProgress: (each) => void progress.push(each),
      ...change,
    });
  return { url, path, fetch, progress };
}

const isWhole = (path: string): boolean => readFileSync(path).equals(content);

it('fetches a file, tells how far it is, and leaves nothing else', async () => {
  const { path, fetch, progress } = await place((request, response) => serve(request, response));
  expect(await fetch()).toEqual({ kind: 'fetched' });
  expect(isWhole(path)).toBe(true);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(progress.at(-1)).toEqual({ received: content.length, total: content.length });
  expect(await readdir(join(path, '..'))).toEqual(['file']);
});

it('continues where a broken connection stopped, and asks for no byte twice', async () => {
  const ranges: (string | undefined)[] = [];
  const { path, fetch, progress } = await place((request, response) => {
    ranges.push(request.headers.range);
    if (ranges.length === 1) breakAfter(response, 100_000);
    else serve(request, response);
  });
  expect(await fetch()).toMatchObject({ kind: 'failed' });
  expect(existsSync(path)).toBe(false);
  expect(statSync(`${path}.part`).size).toBe(100_000);
  expect(await fetch()).toEqual({ kind: 'fetched' });
  expect(ranges).toEqual([undefined, 'bytes=100000-']);
  expect(isWhole(path)).toBe(true);
  expect(progress.every(({ received }, at) => at === 0 || received > (progress[at - 1]?.received ?? 0))).toBe(true);
});

it('begins again when the file on the server has changed', async () => {
  let calls = 0;
  const { path, fetch } = await place((request, response) => {
    calls += 1;
    if (calls === 1) return breakAfter(response, 100_000);
    serve(request, response, Buffer.from('another file'), '"two"');
  });
  await fetch();
  expect(await fetch()).toEqual({ kind: 'fetched' });
  expect(readFileSync(path, 'utf8')).toBe('another file');
});

it('begins again with a server that ignores ranges', async () => {
  let calls = 0;
  const { path, fetch } = await place((_, response) => {
    calls += 1;
    if (calls === 1) return breakAfter(response, 100_000);
    response.writeHead(200).end(content);
  });
  await fetch();
  expect(await fetch()).toEqual({ kind: 'fetched' });
  expect(isWhole(path)).toBe(true);
});

it.each<[string, RequestListener]>([
  ['says that the range is outside', (_, response) => void response.writeHead(416).end()],
  [
    'sends another range',
    (_, response) => void response.writeHead(206, { 'content-range': 'bytes 5-9/10' }).end('56789'),
  ],
  ['sends a range without saying which', (_, response) => void response.writeHead(206).end('56789')],
])('drops the part when the server %s', async (_, answer) => {
  let calls = 0;
  const { path, fetch } = await place((request, response) => {
    calls += 1;
    if (calls === 1) return breakAfter(response, 100_000);
    if (calls === 2) return answer(request, response);
    serve(request, response);
  });
  await fetch();
  expect(await fetch()).toMatchObject({ kind: 'failed' });
  expect(existsSync(path)).toBe(false);
  expect(await fetch()).toEqual({ kind: 'fetched' });
  expect(isWhole(path)).toBe(true);
});

it('does not continue without a validator', async () => {
  const ranges: (string | undefined)[] = [];
  const { path, fetch } = await place((request, response) => {
    ranges.push(request.headers.range);
    if (ranges.length > 1) return void response.writeHead(200).end(content);
    response.writeHead(200, { etag: 'W/"weak"', 'content-length': content.length });
    response.write(content.subarray(0, 5000), () => setTimeout(() => response.destroy(), 50));
  });
  await fetch();
  expect(await fetch()).toEqual({ kind: 'fetched' });
  expect(ranges).toEqual([undefined, undefined]);
  expect(isWhole(path)).toBe(true);
});

it.each([404, 403, 500])('tells status %i', async (status) => {
  const { path, fetch } = await place((_, response) => void response.writeHead(status).end('no'));
  expect(await fetch()).toEqual({ kind: 'refused', status });
  expect(existsSync(`${path}.part`)).toBe(false);
});

it('keeps what is there while a new one fails', async () => {
  const { path, fetch } = await place((request, response) => serve(request, response));
  await fetch();
  const { fetch: failing } = await place((_, response) => breakAfter(response, 5000));
  expect(await failing({ path })).toMatchObject({ kind: 'failed' });
  expect(isWhole(path)).toBe(true);
});

it('gives up on a server that sends nothing, and on one that stops in the middle', async () => {
  const silent = await place(() => undefined);
  expect(await silent.fetch({ idleMs: 300 })).toEqual({ kind: 'failed', reason: 'no data received for 0.3 s' });
  const stuck = await place((_, response) => {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('abc');
  });
  expect(await stuck.fetch({ idleMs: 300 })).toEqual({ kind: 'failed', reason: 'no data received for 0.3 s' });
});

it('has patience with a slow server that goes on', async () => {
  const { path, fetch } = await place((_, response) => {
    response.writeHead(200, { 'content-length': 8 });
    let sent = 0;
    const timer = setInterval(() => {
      response.write('x');
      sent += 1;
      if (sent === 8) clearInterval(timer);
    }, 150);
    onTestFinished(() => clearInterval(timer));
  });
  expect(await fetch({ idleMs: 700 })).toEqual({ kind: 'fetched' });
  expect(readFileSync(path, 'utf8')).toBe('xxxxxxxx');
});

it('stops when asked to, and keeps what came', async () => {
  const stop = new AbortController();
  const { path, fetch } = await place((_, response) => {
    response.writeHead(200, { etag: '"one"', 'content-length': content.length });
    response.write(content.subarray(0, 5000));
  });
  expect(await fetch({ signal: stop.signal, onProgress: () => stop.abort() })).toEqual({ kind: 'cancelled' });
  expect(existsSync(path)).toBe(false);
});

it('takes no more than it was told to', async () => {
  const { path, fetch } = await place((request, response) => serve(request, response));
  expect(await fetch({ maxBytes: 1000 })).toMatchObject({ kind: 'failed', reason: expect.stringContaining('larger') });
  expect(existsSync(path)).toBe(false);
});

it('follows redirects, but not forever', async () => {
  const { path, fetch, url } = await place((request, response) => {
    if (request.url === '/file') return void response.writeHead(302, { location: '/storage?x=1' }).end();
    if (request.url === '/loop') return void response.writeHead(302, { location: '/loop' }).end();
    serve(request, response);
  });
  expect(await fetch()).toEqual({ kind: 'fetched' });
  expect(isWhole(path)).toBe(true);
  expect(await fetch({ url: `${url}/loop` })).toMatchObject({ reason: expect.stringContaining('more than 5 times') });
});

it('follows no redirect from https to anything less', () => {
  const from = new URL('https://a.example/x/y');
  expect(redirectTarget(from, '../z').href).toBe('https://a.example/z');
  for (const location of ['http://a.example/', 'file:///etc/passwd', 'ftp://a.example/', 'http://']) {
    expect(() => redirectTarget(from, location), location).toThrow('not https');
  }
});

it('reports what the network says', async () => {
  const { fetch } = await place(() => undefined);
  expect(await fetch({ url: 'http://127.0.0.1:1/' })).toMatchObject({
    kind: 'failed',
    reason: expect.stringContaining('ECONNREFUSED'),
  });
});

it('tells when this machine’s disk is what does not work', async () => {
  const { fetch, path } = await place((request, response) => serve(request, response));
  const file = join(path, '..', '..', 'plain');
  writeFileSync(file, '');
  await expect(fetch({ path: join(file, 'x') })).rejects.toMatchObject({ code: 'file-failed' });
});
