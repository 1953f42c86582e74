/** The program of a scheduled backup, bundled and run as a process of its own: against an etcd, an API server and an S3 of this machine. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type ServerOptions } from 'node:https';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { beforeAll, expect, inject, it, onTestFinished } from 'vitest';
import { fileKeys } from '../../../src/backup/encryption/keys.js';
import { openedFiles } from '../../../src/backup/encryption/open.js';
import { readBackup } from '../../../src/backup/read-backup.js';
import { jobFiles, jobFolders, settingsOf } from '../../../src/backup/scheduled/job-settings.js';
import { snapshotFile } from '../../../src/rehearsal/kube/etcd/snapshot-file.js';
import { makePki } from '../../../src/rehearsal/kube/karmada/pki.js';
import { realFiles } from '../../../src/world/real/disk/files.js';
import { loopback } from '../../world/loopback.js';
import { tempFolder } from '../../world/temp-folder.js';

const pki = makePki({ seed: 'job', now: Date.now(), dnsNames: [], addresses: ['127.0.0.1'] });
/** Of this machine, and whoever calls it: by one authority in place of several. */
const served = { cert: pki['karmada.crt'], key: pki['karmada.key'] } as ServerOptions;
const fleet = { name: 'demo', id: 'f-1', region: 'us-west-2', account: '111111111111', parent: 'demo' };

let program = '';
beforeAll(async () => {
  const { bundleJob } = (await import(new URL('../../../scripts/bundle-job.js', import.meta.url).href)) as {
    readonly bundleJob: (file: string) => Promise<void>;
  };
  program = join(await mkdtemp(join(inject('builtFolder'), 'job-')), 'backup.mjs');
  await bundleJob(program);
});

const keys = Object.entries({
  '/registry/cluster.karmada.io/clusters/west': object('Cluster', 'west', { syncMode: 'Push' }),
  '/registry/policy.karmada.io/propagationpolicies/shop/web': object('PropagationPolicy', 'web', {}, 'shop'),
  '/registry/policy.karmada.io/propagationpolicies/shop/xyz': object('PropagationPolicy', 'xyz', {}, 'shop'),
  '/registry/secrets/shop/not-listed': '{}',
}).map(([key, value]) => ({ key, value }));

function object(kind: string, name: string, spec: object, namespace?: string): string {
  return JSON.stringify({ apiVersion: 'x/v1', kind, metadata: { name, namespace }, spec });
}

/** Secure, on a port of this machine; closed after the test. */
async function https(
  options: ServerOptions,
  answer: (path: string, body: string, headers: NodeJS.Dict<string | string[]>) => { status?: number; text: string },
): Promise<string> {
  const server = createServer(options, (request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { status = 200, text } = answer(request.url ?? '', Buffer.concat(pieces).toString(), request.headers);
      response.writeHead(status).end(text);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

/** As etcd's gateway answers whoever has a certificate of its CA, two keys at a time. */
async function etcd(leader = '7'): Promise<string> {
  const db = snapshotFile(keys);
  const whole = Buffer.concat([db, createHash('sha256').update(db).digest()]);
  const tls = { ...served, ca: pki['ca.crt'] } as ServerOptions;
  return await https({ ...tls, requestCert: true, rejectUnauthorized: true }, (path, body) => {
    if (path === '/v3/maintenance/status')
      return { text: JSON.stringify({ header: { member_id: '1', revision: '5' }, version: '3.6.6', leader }) };
    if (path === '/v3/maintenance/snapshot')
      return { text: `${JSON.stringify({ result: { blob: whole.toString('base64') } })}\n` };
    const { key, range_end: end } = JSON.parse(body) as { readonly key: string; readonly range_end: string };
    const text = (base64: string): string => Buffer.from(base64, 'base64').toString();
    const found = keys.filter((each) => each.key >= text(key) && each.key < text(end));
    const kvs = found.slice(0, 1).map((each) => ({ key: base64(each.key), value: base64(each.value) }));
    return { text: JSON.stringify({ kvs, more: found.length > 1 }) };
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** A bucket in the region of the caller, with what was put into it and what was asked of it. */
async function bucket(there: Readonly<Record<string, Buffer>> = {}) {
  const objects = new Map(Object.entries(there));
  const asked: string[] = [];
  const url = await loopback((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://s3');
    const key = decodeURIComponent(pathname).replace(/^\/safe\/?/, '');
    asked.push(`${request.method} ${key}`);
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const of = `${request.method}${searchParams.has('location') ? ' location' : ''}${searchParams.has('list-type') ? ' list' : ''}`;
      const { status, headers, body } = bucketAnswer(objects, of, key, Buffer.concat(pieces));
      response.writeHead(status, headers).end(body);
    });
  });
  return { url, objects, asked };
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string | Buffer;
}

function bucketAnswer(objects: Map<string, Buffer>, of: string, key: string, put: Buffer): Answer {
  const xml = (body: string): Answer => ({ status: 200, headers: { 'content-type': 'application/xml' }, body });
  const keys = [...objects.keys()].map((each) => `<Contents><Key>${each}</Key></Contents>`);
  if (of === 'GET location') return xml('<LocationConstraint>us-west-2</LocationConstraint>');
  if (of === 'GET list') return xml(`<ListBucketResult>${keys.join('')}</ListBucketResult>`);
  if (of === 'PUT') objects.set(key, put);
  const found = objects.get(key);
  if (of === 'DELETE') return { status: objects.delete(key) ? 204 : 404 };
  if (found === undefined || of === 'PUT') return { status: found === undefined ? 404 : 200 };
  const headers = {
    'content-length': found.length,
    'x-amz-server-side-encryption': 'AES256',
    'x-amz-checksum-sha256': createHash('sha256').update(found).digest('base64'),
  };
  return of === 'HEAD' ? { status: 200, headers } : { status: 200, headers, body: found };
}

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly root: string;
}

interface Given {
  readonly etcd: readonly string[];
  readonly s3: string;
  readonly recipient: string;
  readonly keep?: number;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Id of the fleet that the parent's ConfigMap names. */
  readonly owner?: string;
}

/** Mounts everything where the job looks, and runs it with nothing but what a pod has. */
async function run({ etcd: members, s3, recipient, keep, annotations: more = {}, owner }: Given): Promise<Ran> {
  const root = await tempFolder();
  const api = await https(served, (path, _, headers) => {
    if (headers['authorization'] !== 'Bearer t0ken') return { status: 401, text: '' };
    if (path !== '/api/v1/namespaces/karmada-system/configmaps/karmada-eks') return { status: 403, text: '' };
    const annotations = { 'karmada-eks/installed': '1.18.2', ...more };
    const metadata = { name: 'karmada-eks', annotations, labels: { 'karmada-eks/fleet': owner ?? fleet.id } };
    return { text: JSON.stringify({ kind: 'ConfigMap', metadata, data: { 'fleet.json': '{}' } }) };
  });
  const to = 's3://111111111111@safe/karmada';
  const kept = keep === undefined ? {} : { keep };
  const settings = settingsOf({ madeBy: '9.9.9', fleet, to, encryptTo: [recipient], etcd: [...members], ...kept });
  const account = '/var/run/secrets/kubernetes.io/serviceaccount';
  const files: Record<string, string> = {
    [`${jobFolders.program}/${jobFiles.settings}`]: JSON.stringify(settings),
    [`${account}/token`]: 't0ken',
    [`${account}/ca.crt`]: pki['ca.crt'] ?? '',
    [`${jobFolders.secrets}/etcd-cert/etcd-ca.key`]: 'key of a CA',
    [`${jobFolders.secrets}/karmada-cert/ca.key`]: 'key of another',
    [`${jobFolders.work}/empty`]: '',
  };
  const mounted = { 'etcd-ca.crt': 'ca.crt', 'etcd-client.crt': 'karmada.crt', 'etcd-client.key': 'karmada.key' };
  for (const [name, of] of Object.entries(mounted)) files[`${jobFolders.secrets}/karmada-cert/${name}`] = pki[of] ?? '';
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const { host } = new URL(api);
  const [hostname = '', port = ''] = host.split(':');
  const env = {
    AWS_ENDPOINT_URL_S3: s3,
    AWS_REGION: 'us-west-2',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
    KUBERNETES_SERVICE_HOST: hostname,
    KUBERNETES_SERVICE_PORT: port,
  };
  const child: ChildProcess = spawn(process.execPath, [program, root], { env, cwd: root });
  const text = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream]?.on('data', (piece: Buffer) => {
      text[stream] += piece.toString();
    });
  const code = await new Promise<number | null>((ended) => void child.on('close', ended));
  return { code, ...text, root };
}

it('packs, encrypts and uploads what it reads with what a pod has, and leaves nothing behind', async () => {
  const identity = await generateIdentity();
  const s3 = await bucket();
  const recipient = await identityToRecipient(identity);
  const { code, stdout, stderr, root } = await run({
    etcd: ['https://127.0.0.1:1', await etcd()],
    s3: s3.url,
    recipient,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [key = '', ...others] = [...s3.objects.keys()];
  expect(others).toEqual([]);
  expect(key).toMatch(/^karmada\/demo-\d{8}T\d{6}Z\.tar\.age$/);
  expect(stdout).toMatch(/^backup s3:\/\/safe\/karmada\/demo-\S+\.tar\.age: \d+ bytes, revision 5, SHA-256 \w{64}\n$/);
  const [own, taken] = [join(root, 'key'), join(root, 'taken.tar.age')];
  await writeFile(own, identity);
  await writeFile(taken, s3.objects.get(key) ?? '');
  const world = { files: realFiles, environment: { workingDir: root } } as Parameters<typeof fileKeys>[0];
  const found = await readBackup(openedFiles(realFiles, await fileKeys(world, [own])), taken);
  expect(found).toMatchObject({
    manifest: {
      madeBy: '9.9.9',
      fleet,
      karmada: '1.18.2',
      counts: { clusters: 1, policies: 2, templates: 0, works: 0 },
    },
    fleet: {
      annotations: { 'karmada-eks/installed': '1.18.2' },
      labels: { 'karmada-eks/fleet': fleet.id },
      data: { 'fleet.json': '{}' },
    },
    inventory: { clusters: [{ name: 'west', mode: 'Push' }] },
  });
  expect(found.secrets['karmada-cert']).toMatchObject({ type: 'Opaque', data: { 'ca.key': base64('key of another') } });
  expect(Object.keys(found.secrets)).toEqual(['etcd-cert', 'karmada-cert']);
  expect(s3.asked.map((each) => each.split(' ')[0])).toEqual(['GET', 'PUT', 'HEAD']);
});

it('deletes of the older ones only what is surely this fleet’s, after the new one is there', async () => {
  const recipient = await identityToRecipient(await generateIdentity());
  const first = await bucket();
  await run({ etcd: [await etcd()], s3: first.url, recipient });
  const [name = '', bytes = Buffer.alloc(0)] = [...first.objects][0] ?? [];
  // A copy under another name, one of a fleet of that name whose head tells another id, and somebody's file.
  const others = {
    'karmada/my-copy.tar.age': bytes,
    'karmada/demo-20200101T000000Z.tar.age': bytes,
    'karmada/cat.jpg': bytes,
  };
  const s3 = await bucket({ [name]: bytes, ...others });
  // Its name has seconds.
  await new Promise((later) => setTimeout(later, 1_100));
  const { code, stdout, stderr } = await run({ etcd: [await etcd()], s3: s3.url, recipient, keep: 1 });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(`deleted older backup s3://safe/${name}\n`);
  expect(s3.objects.has(name)).toBe(false);
  expect(Object.keys(others).every((each) => s3.objects.has(each))).toBe(true);
  expect(s3.asked.findIndex((each) => each.startsWith('PUT'))).toBeLessThan(
    s3.asked.findIndex((each) => each.startsWith('DELETE')),
  );
});

it('ends with one line that tells why, and nothing uploaded', async () => {
  const s3 = await bucket();
  const recipient = await identityToRecipient(await generateIdentity());
  const { code, stderr, root } = await run({ etcd: ['https://127.0.0.1:1'], s3: s3.url, recipient });
  expect(code).toBeGreaterThan(0);
  expect(stderr).toMatch(
    /^backup-failed: no member of Karmada’s etcd responds \(connect ECONNREFUSED 127\.0\.0\.1:1\)\n$/,
  );
  expect(s3.objects.size).toBe(0);
  expect((await readdir(join(root, jobFolders.work))).every((each) => each === 'empty' || each.endsWith('.part'))).toBe(
    true,
  );
});

it('takes none while a restore writes into etcd', async () => {
  const s3 = await bucket();
  const recipient = await identityToRecipient(await generateIdentity());
  const mark = { sha256: '', file: '', madeAt: '', before: null, loses: [], replicas: {}, isBegun: true };
  const during = { 'karmada-eks/restoring': JSON.stringify({ ...mark, isWritten: false }) };
  const half = await run({ etcd: [await etcd()], s3: s3.url, recipient, annotations: during });
  expect(half.stderr).toContain('restore-unfinished: a restore is under way');
  expect(s3.objects.size).toBe(0);
  const after = { 'karmada-eks/restoring': JSON.stringify({ ...mark, isWritten: true }) };
  expect((await run({ etcd: [await etcd()], s3: s3.url, recipient, annotations: after })).code).toBe(0);
});

it('never packs the Karmada of another fleet as its own, and deletes nothing', async () => {
  const there = { 'karmada/demo-20200101T000000Z.tar.age': Buffer.from('older') };
  const s3 = await bucket(there);
  const recipient = await identityToRecipient(await generateIdentity());
  const { code, stderr } = await run({ etcd: [await etcd()], s3: s3.url, recipient, keep: 1, owner: 'f-2' });
  expect(code).toBeGreaterThan(0);
  expect(stderr).toContain('is not that of fleet f-1, whose backups these are (its ConfigMap names fleet f-2)');
  expect([...s3.objects.keys()]).toEqual(Object.keys(there));
});

it('fits into a ConfigMap', async () => {
  expect((await readFile(program)).length).toBeLessThan(2 ** 20);
});
