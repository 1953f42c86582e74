/** The rehearsed machine's downloads: they take time, and nothing leaves this machine. */
import type { DownloadRequest, DownloadResult, Downloads } from '../../world/download.js';
import { durations } from '../durations.js';
import { put } from './files.js';
import type { ProcessContext } from './process.js';
import { bytesOfText, contentAt, sumOf } from './releases.js';

/** How large a release seems, in bytes, and in how many pieces it comes. */
const size = 40_000_000;
const pieces = 20;

/** The downloads port of one process. */
export function rehearsedDownloads(context: ProcessContext): Downloads {
  const { account, life } = context;
  const { files } = account.state;
  return {
    machine: { os: 'linux', arch: 'x64' },
    fetch: (request) => life.guard(() => fetchText(context, request)),
    sha256: (path) => life.guard(async () => (files[path] === undefined ? undefined : sumOf(files[path]))),
    bytesOf: async function* (path) {
      yield bytesOfText(files[path] ?? '');
    },
    writeProgram: (path, bytes) =>
      life.guard(async () => {
        const chunks: Uint8Array[] = [];
        for await (const chunk of bytes) chunks.push(chunk);
        put(files, path, Buffer.concat(chunks).toString());
      }),
  };
}

async function fetchText(context: ProcessContext, request: DownloadRequest): Promise<DownloadResult> {
  const { account, faults, life } = context;
  const { url, path, idleMs, signal } = request;
  const stop = signal === undefined ? life.ended : AbortSignal.any([signal, life.ended]);
  const fault = faults.take(`http ${url}`, account.now());
  if (fault?.kind === 'hang') await account.clock.sleep(idleMs, stop);
  else if (fault === undefined) await receive(context, request, stop);
  if (stop.aborted) return { kind: 'cancelled' };
  if (fault !== undefined && fault.kind !== 'garbage')
    return { kind: 'failed', reason: fault.message ?? 'socket hang up' };
  const content = contentAt(url);
  if (content === undefined) return { kind: 'refused', status: 404 };
  put(account.state.files, path, fault === undefined ? content : 'garbage\n');
  return { kind: 'fetched' };
}

async function receive({ account }: ProcessContext, { onProgress }: DownloadRequest, stop: AbortSignal): Promise<void> {
  if (onProgress === undefined) return await account.clock.sleep(durations.smallDownload, stop);
  for (let piece = 1; piece <= pieces && !stop.aborted; piece += 1) {
    await account.clock.sleep(durations.download / pieces, stop);
    onProgress({ received: (size / pieces) * piece, total: size });
  }
}
