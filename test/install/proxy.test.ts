/** Downloads through a proxy: which one, the tunnel, and what a proxy may answer. */
import { readFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeCertificate } from '../../src/rehearsal/kube/karmada/certificate.js';
import { realDownloads } from '../../src/world/real/download.js';
import { proxyFor } from '../../src/world/real/proxy.js';
import { tempFolder } from '../world/temp-folder.js';

const target = new URL('https://dl.example.com/file');
const proxy = 'http://proxy.example:3128';

it.each<[Record<string, string>, string | undefined]>([
  [{}, undefined],
  [{ HTTPS_PROXY: proxy }, `${proxy}/`],
  [{ https_proxy: proxy, HTTPS_PROXY: 'http://other' }, `${proxy}/`],
  [{ HTTPS_PROXY: 'proxy.example:3128' }, `${proxy}/`],
  [{ ALL_PROXY: proxy }, `${proxy}/`],
  [{ HTTP_PROXY: proxy }, undefined],
  [{ HTTPS_PROXY: '' }, undefined],
  [{ HTTPS_PROXY: proxy, NO_PROXY: '*' }, undefined],
  [{ HTTPS_PROXY: proxy, NO_PROXY: 'a.test, example.com' }, undefined],
  [{ HTTPS_PROXY: proxy, no_proxy: '.example.com' }, undefined],
  [{ HTTPS_PROXY: proxy, NO_PROXY: '*.example.com' }, undefined],
  [{ HTTPS_PROXY: proxy, NO_PROXY: 'DL.example.com:443' }, undefined],
  [{ HTTPS_PROXY: proxy, NO_PROXY: 'dl.example.com:8443' }, `${proxy}/`],
  [{ HTTPS_PROXY: proxy, NO_PROXY: 'ample.com,example.org,,' }, `${proxy}/`],
])('%j', (vars, expected) => {
  expect(proxyFor(target, vars)?.href).toBe(expected);
});

it('refuses a proxy that it cannot speak to, without showing its password', () => {
  for (const address of ['socks5://me:secret@proxy', 'http://']) {
    expect(() => proxyFor(target, { HTTPS_PROXY: address })).toThrow(
      expect.objectContaining({ code: 'invalid-value', message: expect.not.stringContaining('secret') }),
    );
  }
});

const validity = { notBefore: Date.now() - 86_400_000, notAfter: Date.now() + 86_400_000 };
const ca = makeCertificate({ commonName: 'test CA', seed: 'ca', ...validity });
const site = makeCertificate(
  { commonName: 'localhost', dnsNames: ['localhost', 'dl.example.test'], seed: 'site', ...validity },
  ca,
);

async function listening(server: Server): Promise<number> {
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A site with TLS, and a proxy before it that notes what it is asked. */
async function scene(answer = 200) {
  const port = await listening(
    createServer({ key: site.key, cert: site.certificate }, (_, response) => response.end('through')),
  );
  const asked: string[] = [];
  const tunnels = createHttp();
  tunnels.on('connect', ({ url, headers }, socket) => {
    asked.push(`${url} ${headers['proxy-authorization'] ?? ''}`.trim());
    socket.on('error', () => undefined);
    if (answer !== 200) return socket.end(`HTTP/1.1 ${answer} No\r\n\r\n`);
    const through = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      through.pipe(socket).pipe(through);
    });
    return through.on('error', () => socket.destroy());
  });
  const path = join(await tempFolder(), 'file');
  // Nobody but the proxy knows where this is.
  const request = { url: `https://dl.example.test:${port}/file`, path, maxBytes: 100, idleMs: 3000 };
  return { port, proxyPort: await listening(tunnels), asked, path, request };
}

it('goes through the proxy, with its name and password, and checks the site’s certificate at the end of the tunnel', async () => {
  const { port, proxyPort, asked, path, request } = await scene();
  const vars = { HTTPS_PROXY: `http://me:p%40ss@127.0.0.1:${proxyPort}` };
  expect(await realDownloads({ vars }, ca.certificate).fetch(request)).toEqual({ kind: 'fetched' });
  expect(readFileSync(path, 'utf8')).toBe('through');
  expect(asked).toEqual([`dl.example.test:${port} Basic ${Buffer.from('me:p@ss').toString('base64')}`]);
  const untrusting = await realDownloads({ vars }).fetch(request);
  expect(untrusting).toMatchObject({ kind: 'failed', reason: expect.stringMatching(/certificate/) });
  const misnamed = { ...request, url: `https://other.example.test:${port}/file` };
  expect(await realDownloads({ vars }, ca.certificate).fetch(misnamed)).toMatchObject({
    kind: 'failed',
    reason: expect.stringContaining('altnames'),
  });
});

it('goes straight to a host that NO_PROXY names', async () => {
  const { port, proxyPort, asked, request } = await scene();
  const vars = { HTTPS_PROXY: `http://127.0.0.1:${proxyPort}`, NO_PROXY: 'localhost' };
  const local = { ...request, url: `https://localhost:${port}/file` };
  expect(await realDownloads({ vars }, ca.certificate).fetch(local)).toEqual({ kind: 'fetched' });
  expect(asked).toEqual([]);
});

it('tells what a proxy answered that does not let it through', async () => {
  const { proxyPort, request } = await scene(407);
  const vars = { HTTPS_PROXY: `http://me:secret@127.0.0.1:${proxyPort}` };
  expect(await realDownloads({ vars }, ca.certificate).fetch(request)).toEqual({
    kind: 'failed',
    reason: `the proxy 127.0.0.1:${proxyPort} answered 407`,
  });
});

it('tells that a proxy is not there', async () => {
  const { request } = await scene();
  const vars = { HTTPS_PROXY: 'http://127.0.0.1:1' };
  expect(await realDownloads({ vars }).fetch(request)).toMatchObject({
    reason: expect.stringContaining('ECONNREFUSED'),
  });
});
