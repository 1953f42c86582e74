/** Real downloads: resumed where they stopped, kept separate until they are complete. */
import { createWriteStream } from 'node:fs';
import { lstat, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileFailed } from '../../../errors/file-failed.js';
import { Problem } from '../../../errors/problem.js';
import type { DownloadRequest, DownloadResult, Downloads } from '../../download.js';
import type { Environment } from '../../environment.js';
import { makeFolder } from '../disk/make-folder.js';
import { readBytes, sha256Of, writeProgram } from '../disk/program-files.js';
import { openUrl } from './open-url.js';

/** @param ca certificates to trust instead of Node's own, as PEM */
export function realDownloads({ vars }: Pick<Environment, 'vars'>, ca?: string): Downloads {
  const trusted = ca === undefined ? {} : { ca };
  return {
    machine: { os: process.platform, arch: process.arch },
    fetch: (request) =>
      fetchFile(request, (headers, signal) => openUrl(request.url, { headers, vars, signal, ...trusted })),
    sha256: sha256Of,
    bytesOf: readBytes,
    writeProgram,
  };
}

type Open = (headers: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<IncomingMessage>;

async function fetchFile(request: DownloadRequest, open: Open): Promise<DownloadResult> {
  const idle = idleWatch(request.idleMs);
  const signal = request.signal === undefined ? idle.signal : AbortSignal.any([request.signal, idle.signal]);
  try {
    await makeFolder(dirname(request.path));
    const kept = await keptPart(request.path);
    const response = await open(
      kept === undefined ? {} : { range: `bytes=${kept.bytes}-`, 'if-range': kept.tag },
      signal,
    );
    return await take(response, kept, request, { signal, heard: idle.heard });
  } catch (thrown) {
    if (request.signal?.aborted) return { kind: 'cancelled' };
    if (idle.signal.aborted) return { kind: 'failed', reason: `no data received for ${request.idleMs / 1000} s` };
    if (isOurDisk(thrown)) throw fileFailed('write', request.path, thrown);
    if (thrown instanceof Problem && thrown.code === 'invalid-value') throw thrown;
    return { kind: 'failed', reason: reasonOf(thrown) };
  } finally {
    idle.end();
  }
}

/** What an earlier attempt left, and the validator that shows whether the server still has that file. */
interface Kept {
  readonly bytes: number;
  readonly tag: string;
}

const partOf = (path: string): string => `${path}.part`;
const tagOf = (path: string): string => `${path}.part.tag`;

async function keptPart(path: string): Promise<Kept | undefined> {
  try {
    const part = await lstat(partOf(path));
    const bytes = part.isFile() ? part.size : 0;
    const tag = await readFile(tagOf(path), 'utf8');
    return bytes > 0 && tag !== '' ? { bytes, tag } : undefined;
  } catch {
    return undefined;
  }
}

async function take(
  response: IncomingMessage,
  kept: Kept | undefined,
  request: DownloadRequest,
  watch: { readonly signal: AbortSignal; readonly heard: () => void },
): Promise<DownloadResult> {
  const { path, maxBytes, onProgress } = request;
  const { statusCode: status = 0, headers } = response;
  const start = status === 206 ? Number(/^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1]) : 0;
  if (status === 416 || (status === 206 && start !== kept?.bytes)) {
    // The part does not match the beginning of the server's file: the next attempt requests all of it.
    response.destroy();
    await forget(path);
    return { kind: 'failed', reason: 'the file on the server has changed' };
  }
  if (status !== 200 && status !== 206) {
    response.destroy();
    return { kind: 'refused', status };
  }
  if (start === 0) await forget(path);
  // A weak validator promises the same meaning, not the same bytes (RFC 9110, 13.1.5).
  const tag = [headers.etag].find((each) => each !== undefined && !each.startsWith('W/')) ?? headers['last-modified'];
  await rm(tagOf(path), { force: true });
  // Created again, so that a link in their place is not followed.
  await writeFile(tagOf(path), tag ?? '', { mode: 0o600, flag: 'wx' });
  const length = headers['content-length'];
  const total = length === undefined ? undefined : start + Number(length);
  let received = start;
  const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      received += chunk.length;
      if (received > maxBytes) throw new Problem('download-failed', { what: `it is larger than ${maxBytes} bytes` });
      watch.heard();
      onProgress?.({ received, total });
      yield chunk;
    }
  };
  const part = createWriteStream(partOf(path), { flags: start === 0 ? 'wx' : 'a', mode: 0o600 });
  await pipeline(response, counted, part, { signal: watch.signal });
  await rename(partOf(path), path);
  await forget(path);
  return { kind: 'fetched' };
}

async function forget(path: string): Promise<void> {
  for (const each of [partOf(path), tagOf(path)]) await rm(each, { force: true });
}

function idleWatch(idleMs: number): {
  readonly signal: AbortSignal;
  readonly heard: () => void;
  readonly end: () => void;
} {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), idleMs);
  return { signal: over.signal, heard: () => void timer.refresh(), end: () => clearTimeout(timer) };
}

function isOurDisk(thrown: unknown): thrown is NodeJS.ErrnoException {
  const codes = [
    'ENOSPC',
    'EDQUOT',
    'EACCES',
    'EPERM',
    'EROFS',
    'EISDIR',
    'ENOTDIR',
    'EFBIG',
    'EIO',
    'EEXIST',
    'ENOENT',
    'ENAMETOOLONG',
  ];
  if (!(thrown instanceof Error && 'code' in thrown && 'syscall' in thrown)) return false;
  // A firewall refuses connections with the same codes.
  return codes.includes(String(thrown.code)) && thrown.syscall !== 'connect';
}

/** If a host has several addresses, each has its own error. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof AggregateError) return thrown.errors.map(reasonOf).join('; ');
  return thrown instanceof Error ? thrown.message : String(thrown);
}
