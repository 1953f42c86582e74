/** Installing, from a server on this machine: what is put in place, and what never is. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type InstallableTool, releaseOf } from '../../src/tools/install/catalogue.js';
import { type InstallPlaces, install, isInstalled } from '../../src/tools/install/install.js';
import type { Downloads } from '../../src/world/download.js';
import { realFiles } from '../../src/world/real/disk/files.js';
import { realDownloads } from '../../src/world/real/net/download.js';
import { loopback } from '../world/loopback.js';
import { tempFolder } from '../world/temp-folder.js';
import { sha256, tgz } from './archive.js';

const program = '#!/bin/sh\necho new\n';
const platform = { os: 'linux', arch: 'amd64' } as const;
const fileOf = (tool: InstallableTool): Buffer =>
  tool === 'kubectl'
    ? Buffer.from(program)
    : tgz([
        { name: 'LICENSE', content: 'x' },
        { name: tool, content: program },
      ]);

type Answer = (request: IncomingMessage, response: ServerResponse, call: number) => void;

/** A publisher and a machine. `file` answers for the release's file, `sums` for its checksums. */
async function scene(
  tool: InstallableTool,
  answers: { file?: Answer; sums?: (right: string) => string; version?: string } = {},
) {
  const release = releaseOf(tool, answers.version ?? '9.9.9', platform);
  const bytes = fileOf(tool);
  const sum = sha256(bytes);
  const right = tool === 'kubectl' ? sum : `${'0'.repeat(64)}  other\n${sum}  ${release.file}\n`;
  const asked: string[] = [];
  const server = await loopback((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === new URL(release.sumsUrl).pathname) return void response.end(answers.sums?.(right) ?? right);
    if (request.url !== new URL(release.url).pathname) return void response.writeHead(404).end();
    const call = asked.filter((url) => url === request.url).length;
    if (answers.file === undefined) response.end(bytes);
    else answers.file(request, response, call);
  });
  const folder = await tempFolder();
  const places: InstallPlaces = { into: join(folder, 'bin'), isOwn: true, cache: join(folder, 'tools') };
  const real = realDownloads({ vars: {} });
  const downloads: Downloads = {
    ...real,
    fetch: (request) => real.fetch({ ...request, url: server + new URL(request.url).pathname, idleMs: 1000 }),
  };
  const said: string[] = [];
  const waits: number[] = [];
  const clock = { now: () => 0, sleep: async (ms: number) => void waits.push(ms) };
  const ports = { downloads, files: realFiles, clock };
  const call = { signal: new AbortController().signal, say: (line: string) => void said.push(line) };
  const run = (change: Partial<InstallPlaces> = {}) => install(ports, { ...places, ...change }, release, call);
  const path = join(places.into, tool);
  return { release, ports, places, path, run, said, waits, asked, bytes, right, folder };
}

it.each<InstallableTool>(['eksctl', 'kubectl', 'kubectl-karmada'])(
  'installs %s, and leaves nothing but it',
  async (tool) => {
    const { path, places, run, ports, release, said } = await scene(tool);
    expect(await isInstalled(ports, places, release)).toBe(false);
    await run();
    expect(readFileSync(path, 'utf8')).toBe(program);
    expect(readdirSync(places.into)).toEqual([tool]);
    expect(readdirSync(places.cache)).toEqual([`${tool}.json`]);
    expect(await isInstalled(ports, places, release)).toBe(true);
    expect(said.join()).toContain('100 %');
  },
);

it.each([0o000, 0o022, 0o077, 0o177])('makes it 0755 under umask %o', async (mask) => {
  const { path, run, places } = await scene('kubectl');
  const before = process.umask(mask);
  onTestFinished(() => void process.umask(before));
  // A folder without x cannot be gone into: the user has made it.
  if (mask === 0o177)
    for (const folder of [places.into, places.cache, join(places.cache, 'kubectl-9.9.9-linux-amd64')]) {
      mkdirSync(folder, { recursive: true });
      chmodSync(folder, 0o700);
    }
  await run();
  expect(statSync(path).mode & 0o777).toBe(0o755);
});

it('sees that a program is another version, at another place, or not what was written', async () => {
  const { path, run, ports, release, places } = await scene('kubectl');
  await run();
  expect(await isInstalled(ports, places, { ...release, version: '9.9.8' })).toBe(false);
  expect(await isInstalled(ports, { ...places, into: '/elsewhere' }, release)).toBe(false);
  writeFileSync(path, 'altered');
  expect(await isInstalled(ports, places, release)).toBe(false);
  writeFileSync(join(places.cache, 'kubectl.json'), '{');
  expect(await isInstalled(ports, places, release)).toBe(false);
});

it('tries again after a broken connection, and goes on', async () => {
  const ranges: (string | undefined)[] = [];
  const { path, run, waits, bytes, said } = await scene('eksctl', {
    file: (request, response, call) => {
      ranges.push(request.headers.range);
      const headers = { etag: '"a"', 'content-length': call === 1 ? bytes.length : bytes.length - 50 };
      if (call === 1) {
        response.writeHead(200, headers);
        response.write(bytes.subarray(0, 50), () => setTimeout(() => response.destroy(), 50));
      } else {
        response
          .writeHead(206, { ...headers, 'content-range': `bytes 50-${bytes.length - 1}/${bytes.length}` })
          .end(bytes.subarray(50));
      }
    },
  });
  await run();
  expect(ranges).toEqual([undefined, 'bytes=50-']);
  expect(waits).toEqual([1000]);
  expect(said).toContainEqual(expect.stringMatching(/; retrying in 1 s$/));
  expect(readFileSync(path, 'utf8')).toBe(program);
});

const altered = Buffer.concat([fileOf('eksctl'), Buffer.from('x')]);
const failures: readonly [string, string, Parameters<typeof scene>[1], string][] = [
  [
    'a file that was altered',
    'checksum-mismatch',
    { file: (_, response) => void response.end(altered) },
    'does not match its publisher’s checksum',
  ],
  [
    'a login page of a proxy',
    'checksum-mismatch',
    { file: (_, response) => void response.end('<html>') },
    'does not match its publisher’s checksum',
  ],
  ['checksums without the file', 'checksum-mismatch', { sums: () => `${'0'.repeat(64)}  other\n` }, 'has no SHA-256'],
  ['a login page for checksums', 'checksum-mismatch', { sums: () => '<html>' }, 'has no SHA-256'],
  ['a replaced release of a known version', 'checksum-mismatch', { version: '0.230.0' }, 'has a different SHA-256'],
  [
    'a release that is not there',
    'download-failed',
    { file: (_, response) => void response.writeHead(404).end() },
    'could not download',
  ],
  [
    'a server in trouble',
    'download-failed',
    { file: (_, response) => void response.writeHead(503).end() },
    'could not download',
  ],
  [
    'a server that always breaks off',
    'download-failed',
    { file: (_, response) => void response.destroy() },
    'could not download',
  ],
];

it.each(failures)('keeps the old program after %s', async (_, code, answers, words) => {
  const { path, places, run, ports, release } = await scene('eksctl', answers);
  mkdirSync(places.into);
  writeFileSync(path, 'old');
  await expect(run()).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(places.into)).toEqual(['eksctl']);
  expect(await isInstalled(ports, places, release)).toBe(false);
});

it('begins again after an altered file', async () => {
  const { path, run, bytes } = await scene('eksctl', {
    file: (_, response, call) => void response.end(call === 1 ? altered : bytes),
  });
  await expect(run()).rejects.toMatchObject({ code: 'checksum-mismatch' });
  await run();
  expect(readFileSync(path, 'utf8')).toBe(program);
});

it('does not unpack before all is verified', async () => {
  const { places, run } = await scene('eksctl', { file: (_, response) => void response.end(altered) });
  await expect(run()).rejects.toThrow();
  expect(existsSync(places.into)).toBe(false);
  expect(readdirSync(join(places.cache, 'eksctl-9.9.9-linux-amd64'))).toEqual(['checksums']);
});

it('asks for a missing release once, and for one that may come back five times', async () => {
  const gone = await scene('eksctl', { file: (_, response) => void response.writeHead(404).end() });
  await expect(gone.run()).rejects.toMatchObject({ why: 'there is no such release' });
  expect(gone.waits).toEqual([]);
  const busy = await scene('eksctl', { file: (_, response) => void response.writeHead(503).end() });
  await expect(busy.run()).rejects.toMatchObject({ why: 'the server responded with 503' });
  expect(busy.waits).toEqual([1000, 2000, 4000, 8000]);
});

it('replaces a program that is running', async () => {
  const { path, places, run } = await scene('kubectl');
  mkdirSync(places.into);
  writeFileSync(path, 'old');
  const before = statSync(path).ino;
  await run();
  expect(statSync(path).ino).not.toBe(before);
});

it('takes files from a folder, without a network, and verifies them all the same', async () => {
  const { path, folder, run, asked, release, bytes, right } = await scene('kubectl-karmada');
  const from = join(folder, 'usb');
  mkdirSync(from);
  const missing = { code: 'download-failed', message: expect.stringContaining('does not exist') };
  await expect(run({ from })).rejects.toMatchObject({ ...missing, next: [`download it from ${release.sumsUrl}`] });
  writeFileSync(join(from, release.sumsFile), right);
  await expect(run({ from })).rejects.toMatchObject({ ...missing, next: [`download it from ${release.url}`] });
  writeFileSync(join(from, release.file), altered);
  await expect(run({ from })).rejects.toMatchObject({ code: 'checksum-mismatch' });
  expect(existsSync(path)).toBe(false);
  writeFileSync(join(from, release.file), bytes);
  await run({ from });
  expect(readFileSync(path, 'utf8')).toBe(program);
  expect(readdirSync(from).sort()).toEqual([release.file, release.sumsFile].sort());
  expect(asked).toEqual([]);
});

it('leaves no half program when its archive breaks off', async () => {
  const { ports, folder } = await scene('eksctl');
  const path = join(folder, 'bin', 'x');
  await ports.downloads.writeProgram(
    path,
    (async function* () {
      yield Buffer.from('old');
    })(),
  );
  const breaking = (async function* () {
    yield Buffer.from('half');
    throw new Error('broken');
  })();
  await expect(ports.downloads.writeProgram(path, breaking)).rejects.toMatchObject({ code: 'file-failed' });
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(join(folder, 'bin'))).toEqual(['x']);
});
