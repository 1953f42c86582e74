/** etcd by its own HTTP gateway (etcd 3.6, server/embed/etcd.go): status and snapshot. */
import { z } from 'zod';
import { Problem } from '../../errors/problem.js';
import type { HttpPost } from '../../world/http.js';
import type { Call } from '../run.js';

/** A member of etcd, and how it is called. */
export interface Gateway {
  readonly post: HttpPost;
  /** Without a path, e.g. `http://127.0.0.1:40123`. */
  readonly url: string;
}

/** At a port of this machine, where nobody is asked who they are. */
export function forwardedGateway(post: HttpPost, port: number): Gateway {
  return { post, url: `http://127.0.0.1:${port}` };
}

/** How long etcd may be silent, in ms. */
const idleMs = 60_000;

/** 64-bit numbers are strings in the gateway's JSON. */
const statusSchema = z.object({
  header: z.object({ member_id: z.string(), revision: z.coerce.number() }),
  version: z.string(),
  leader: z.string().default('0'),
});

const pieceSchema = z.object({
  result: z.object({ remaining_bytes: z.coerce.number().default(0), blob: z.base64().default('') }),
});

export interface GatewayStatus {
  readonly version: string;
  readonly revision: number;
  readonly isLeader: boolean;
}

/** A piece of a snapshot; `remaining` bytes follow, but for the sum at the end (observed with 3.6.6). */
export interface SnapshotPiece {
  readonly bytes: Uint8Array;
  readonly remaining: number;
}

/** @throws Problem `network-unreachable`, `tool-output`, `interrupted` */
export async function gatewayStatus(etcd: Gateway, call: Call): Promise<GatewayStatus> {
  const { header, version, leader } = await asked(etcd, { path: 'maintenance/status' }, statusSchema, call);
  return { version, revision: header.revision, isLeader: leader === header.member_id };
}

/** All of a member's store, as `etcdutl snapshot restore` takes it; whether it is whole, its sum tells. @throws as `gatewayStatus` */
export async function* gatewaySnapshot(etcd: Gateway, call: Call): AsyncGenerator<SnapshotPiece> {
  for await (const line of linesOf(await posted(etcd, { path: 'maintenance/snapshot' }, call))) {
    const { result } = understood(line, pieceSchema);
    yield { bytes: Buffer.from(result.blob, 'base64'), remaining: result.remaining_bytes };
  }
}

/** One call of the gateway. */
interface Asked {
  /** e.g. `kv/range`. */
  readonly path: string;
  readonly body?: object;
}

/** @throws Problem `network-unreachable`, `tool-output`, `interrupted` */
export async function asked<T>(etcd: Gateway, question: Asked, as: z.ZodType<T>, call: Call): Promise<T> {
  let text = '';
  for await (const line of linesOf(await posted(etcd, question, call))) text += line;
  return understood(text, as);
}

async function posted(
  { post, url }: Gateway,
  { path, body = {} }: Asked,
  { signal }: Call,
): Promise<AsyncIterable<Uint8Array>> {
  const answer = await post({ url: `${url}/v3/${path}`, body: JSON.stringify(body), idleMs, signal });
  if (answer.kind === 'answered' && answer.status === 200) return answer.bytes;
  if (signal.aborted) throw new Problem('interrupted', { what: `the call of etcd (${path}) was stopped` });
  throw new Problem('network-unreachable', {
    what: `etcd did not answer (${path})`,
    why: answer.kind === 'failed' ? answer.reason : `HTTP status ${answer.status}`,
    next: ['run the same command again'],
  });
}

/** A line of a snapshot has 43 KB (observed with 3.6.6). */
const longestLine = 16_000_000;

async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let begun: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytes) {
    let start = 0;
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, start)) {
      yield Buffer.concat([...begun, piece.subarray(start, end)]).toString('utf8');
      start = end + 1;
      begun = [];
      length = 0;
    }
    if (start < piece.length) begun.push(piece.subarray(start));
    length += piece.length - start;
    if (length > longestLine) throw unexpected();
  }
  if (begun.length > 0) yield Buffer.concat(begun).toString('utf8');
}

function understood<T>(text: string, as: z.ZodType<T>): T {
  try {
    return as.parse(JSON.parse(text));
  } catch (cause) {
    throw unexpected(cause);
  }
}

/** What came is not shown: it may be a Secret. */
function unexpected(cause?: unknown): Problem {
  return new Problem('tool-output', {
    what: 'etcd answered in an unexpected form',
    next: ['run the same command again'],
    cause,
  });
}
