/** Downloads a file in a few attempts, each resuming where the previous one stopped. */
import { Problem } from '../../errors/problem.js';
import type { Clock } from '../../world/clock.js';
import type { DownloadRequest, DownloadResult, Downloads } from '../../world/download.js';

export interface FetchPorts {
  readonly downloads: Downloads;
  readonly clock: Clock;
}

/** Waits between attempts, in ms. */
const waits = [1_000, 2_000, 4_000, 8_000] as const;

const idleMs = 30_000;

/** What a caller passes: how to abort, and where progress lines go. */
export interface FetchCall {
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** @throws Problem `download-failed`, `interrupted` */
export async function fetchFile(
  { downloads, clock }: FetchPorts,
  request: Omit<DownloadRequest, 'idleMs' | 'signal'>,
  { signal, say }: FetchCall,
): Promise<void> {
  for (const wait of [...waits, undefined]) {
    const result = await downloads.fetch({ ...request, signal, idleMs });
    if (result.kind === 'fetched') return;
    if (result.kind === 'cancelled') throw stopped(request.url);
    if (wait === undefined || !isPassing(result)) throw failed(request.url, result);
    say(`${reasonOf(result)}; retrying in ${wait / 1000} s`);
    await clock.sleep(wait, signal);
    if (signal.aborted) throw stopped(request.url);
  }
}

type Failure = Extract<DownloadResult, { readonly kind: 'refused' | 'failed' }>;

function reasonOf(result: Failure): string {
  return result.kind === 'refused' ? `the server responded with ${result.status}` : result.reason;
}

function isPassing(result: Failure): boolean {
  return result.kind === 'failed' || result.status >= 500 || result.status === 429 || result.status === 408;
}

function stopped(url: string): Problem {
  return new Problem('interrupted', {
    what: `downloading ${url} was stopped`,
    next: ['run the same command again to continue'],
  });
}

function failed(url: string, result: Failure): Problem {
  const what = `could not download ${url}`;
  if (result.kind === 'refused' && result.status === 404) {
    return new Problem('download-failed', { what, why: 'there is no such release', next: ['choose another version'] });
  }
  return new Problem('download-failed', {
    what,
    why: reasonOf(result),
    next: [
      'run the same command again; it resumes where it stopped',
      'behind a proxy, set HTTPS_PROXY; without a network, use --from with a folder that contains the files',
    ],
  });
}
