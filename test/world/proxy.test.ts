/** Everything that this program itself asks goes through the proxy: calls of AWS, reads and downloads. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { execa } from 'execa';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { readCaller } from '../../src/aws/sts.js';
import { redact } from '../../src/logs/redact.js';
import { makeCertificate } from '../../src/rehearsal/kube/karmada/certificate.js';
import { realAws } from '../../src/world/real/aws.js';
import { realFiles } from '../../src/world/real/disk/files.js';
import { realDownloads } from '../../src/world/real/net/download.js';
import { realHttpGet } from '../../src/world/real/net/http.js';
import { proxyFor } from '../../src/world/real/net/proxy.js';
import { emptyAwsEnvironment, staticCredentials } from './aws-environment.js';
import { builtProgram } from './built-program.js';
import { tempFolder } from './temp-folder.js';

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

it('knows the proxy of http, and none to this machine', () => {
  const vars = { HTTP_PROXY: proxy, HTTPS_PROXY: 'socks5://other' };
  const chosen = (url: string): string | undefined => proxyFor(new URL(url), vars)?.href;
  expect(chosen('http://dl.example.com')).toBe(`${proxy}/`);
  expect(chosen('https://dl.example.com')).toBe('socks5://other');
  expect(['http://localhost:5000', 'https://127.0.0.1', 'http://[::1]:80'].map(chosen)).toEqual(
    Array(3).fill(undefined),
  );
  expect(chosen('https://127.example.com')).toBe('socks5://other');
});

it('refuses a proxy that it cannot speak to, without showing its password', () => {
  for (const address of ['ftp://me:secret@proxy', 'pac+http://me:secret@proxy', 'http://', 'socks5://']) {
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

/** A proxy that notes what it is asked, and leads to one port of this machine unless it answers something else. */
async function proxied(answer: number, port = 0) {
  const asked: string[] = [];
  const server = createHttp(({ method, url }, response) => {
    asked.push(`${method} ${url}`);
    response.end('through');
  });
  server.on('connect', ({ url, headers }, socket) => {
    asked.push(`${url} ${headers['proxy-authorization'] ?? ''}`.trim());
    socket.on('error', () => undefined);
    if (answer !== 200) return socket.end(`HTTP/1.1 ${answer} No\r\n\r\n`);
    const through = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      through.pipe(socket).pipe(through);
    });
    return through.on('error', () => socket.destroy());
  });
  return { asked, proxyPort: await listening(server) };
}

/** The text without the number that the system chose for the proxy. */
function withoutPort(thrown: unknown): string {
  const { code, message, next } = thrown as { code: string; message: string; next: string[] };
  return [code, message, ...next].join('\n').replace(/127\.0\.0\.1:\d+/, '127.0.0.1:PORT');
}

describe('a download', () => {
  /** A site with TLS, behind a proxy. */
  async function scene(answer = 200) {
    const port = await listening(
      createServer({ key: site.key, cert: site.certificate }, (_, response) => response.end('through')),
    );
    const path = join(await tempFolder(), 'file');
    // Nobody but the proxy knows where this is.
    const request = { url: `https://dl.example.test:${port}/file`, path, maxBytes: 100, idleMs: 3000 };
    return { port, path, request, ...(await proxied(answer, port)) };
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

  it('goes straight to this machine, and to a host that NO_PROXY names', async () => {
    const { port, proxyPort, asked, request } = await scene();
    const vars = { HTTPS_PROXY: `http://127.0.0.1:${proxyPort}`, NO_PROXY: 'example.test' };
    const local = { ...request, url: `https://localhost:${port}/file` };
    expect(await realDownloads({ vars }, ca.certificate).fetch(local)).toEqual({ kind: 'fetched' });
    const exempt = await realDownloads({ vars }, ca.certificate).fetch(request);
    expect(exempt).toMatchObject({ reason: expect.stringContaining('dl.example.test') });
    expect(asked).toEqual([]);
  });

  it('reports what a proxy answered that does not let it through', async () => {
    const { port, proxyPort, request } = await scene(407);
    const vars = { HTTPS_PROXY: `http://me:secret@127.0.0.1:${proxyPort}` };
    expect(await realDownloads({ vars }, ca.certificate).fetch(request)).toEqual({
      kind: 'failed',
      reason: `the proxy 127.0.0.1:${proxyPort} did not connect to dl.example.test:${port}: it responded with 407`,
    });
  });

  it('reports that a proxy is not there', async () => {
    const { request } = await scene();
    const vars = { HTTPS_PROXY: 'http://127.0.0.1:1' };
    expect(await realDownloads({ vars }).fetch(request)).toMatchObject({
      reason: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('fails at once with a proxy that cannot be used', async () => {
    const { request } = await scene();
    const fetching = realDownloads({ vars: { HTTPS_PROXY: 'ftp://proxy' } }).fetch(request);
    await expect(fetching).rejects.toMatchObject({ code: 'invalid-value' });
  });
});

it('asks for this machine’s address through the proxy', async () => {
  const { asked, proxyPort } = await proxied(403);
  const vars = { HTTPS_PROXY: `http://127.0.0.1:${proxyPort}`, HTTP_PROXY: `http://127.0.0.1:${proxyPort}` };
  expect(await realHttpGet({ vars })('https://checkip.amazonaws.com/', 5000)).toEqual({
    kind: 'failed',
    reason: `the proxy 127.0.0.1:${proxyPort} did not connect to checkip.amazonaws.com: it responded with 403`,
  });
  expect(await realHttpGet({ vars })('http://checkip.example/', 5000, 'GET')).toMatchObject({ body: 'through' });
  expect(asked).toEqual(['checkip.amazonaws.com:443', 'GET http://checkip.example/']);
});

describe('a call of AWS', () => {
  beforeEach(emptyAwsEnvironment);

  it('goes through the proxy, and reports which one did not let it through', async () => {
    staticCredentials();
    const { asked, proxyPort } = await proxied(403);
    const aws = realAws({ vars: { HTTPS_PROXY: `http://me:pw@127.0.0.1:${proxyPort}` } }, redact);
    const thrown = await readCaller(aws, 'us-west-2').catch((error: unknown) => error);
    expect(withoutPort(thrown)).toMatchInlineSnapshot(`
      "network-unreachable
      the proxy 127.0.0.1:PORT did not connect to sts.us-west-2.amazonaws.com: it responded with 403
      allow this host in the proxy, or add it to NO_PROXY
      run the same command again to continue"
    `);
    const credentials = Buffer.from('me:pw').toString('base64');
    expect(asked).toEqual([`sts.us-west-2.amazonaws.com:443 Basic ${credentials}`]);
  });

  it('reports that the proxy wants a password', async () => {
    staticCredentials();
    const { proxyPort } = await proxied(407);
    const aws = realAws({ vars: { HTTPS_PROXY: `http://127.0.0.1:${proxyPort}` } }, redact);
    const thrown = await readCaller(aws, 'us-west-2').catch((error: unknown) => error);
    expect(withoutPort(thrown)).toMatchInlineSnapshot(`
      "network-unreachable
      the proxy 127.0.0.1:PORT did not connect to sts.us-west-2.amazonaws.com: it responded with 407
      include the user and password in the proxy address
      run the same command again to continue"
    `);
  });

  it('goes straight to a host that NO_PROXY names', async () => {
    staticCredentials();
    vi.stubEnv('AWS_ENDPOINT_URL_STS', 'https://sts.example.invalid');
    const { asked, proxyPort } = await proxied(403);
    const aws = realAws(
      { vars: { HTTPS_PROXY: `http://127.0.0.1:${proxyPort}`, NO_PROXY: '.example.invalid' } },
      redact,
    );
    const sending = aws.sts('us-west-2').send(new GetCallerIdentityCommand({}));
    await expect(sending).rejects.toMatchObject({ code: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) });
    expect(asked).toEqual([]);
  });

  it.each([
    [
      'of a role',
      'role_arn = arn:aws:iam::123456789012:role/a\nsource_profile = keys\nregion = us-east-2',
      'sts.us-east-2',
    ],
    ['of SSO', 'sso_session = corp\nsso_account_id = 123456789012\nsso_role_name = dev', 'portal.sso.us-east-1'],
  ])('gets the credentials %s through the proxy', async (_, profile, host) => {
    const home = await tempFolder();
    const token = { accessToken: 't', expiresAt: '2999-01-01T00:00:00Z' };
    const name = createHash('sha1').update('corp').digest('hex');
    const session = '[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://corp.example/start\n';
    const keys = '[profile keys]\naws_access_key_id = A\naws_secret_access_key = S\n';
    await realFiles.write(join(home, '.aws', 'sso', 'cache', `${name}.json`), JSON.stringify(token));
    await realFiles.write(join(home, 'config'), `[profile p]\n${profile}\n${session}${keys}`);
    vi.stubEnv('HOME', home);
    vi.stubEnv('AWS_CONFIG_FILE', join(home, 'config'));
    vi.stubEnv('AWS_PROFILE', 'p');
    const { asked, proxyPort } = await proxied(403);
    const aws = realAws({ vars: { HTTPS_PROXY: `http://127.0.0.1:${proxyPort}`, AWS_REGION: 'us-west-2' } }, redact);
    await expect(aws.credentialLife()).rejects.toThrow('it responded with 403');
    expect(asked).toEqual([`${host}.amazonaws.com:443`]);
  });
});

it('never writes the password of a proxy, whatever DEBUG asks for', async () => {
  const { asked, proxyPort } = await proxied(403);
  const program = `
    import { pathToFileURL } from 'node:url';
    const { realHttpGet } = await import(pathToFileURL(process.argv[1]).href);
    const vars = { HTTPS_PROXY: process.argv[2] };
    console.log((await realHttpGet({ vars })('https://checkip.amazonaws.com/', 5000)).reason);`;
  const reader = join(dirname(dirname(await builtProgram())), 'dist', 'world', 'real', 'net', 'http.js');
  const argv = ['--input-type=module', '-e', program, reader, `http://me:planted@127.0.0.1:${proxyPort}`];
  const ran = await execa(process.execPath, argv, { env: { DEBUG: '*' }, all: true });
  expect(ran.all).toContain('it responded with 403');
  expect(ran.all).not.toContain('planted');
  expect(asked).toHaveLength(1);
});
