/** Writes all of etcd's keys anew through its own HTTP gateway (etcd 3.6, api/etcdserverpb/gw/rpc.pb.gw.go). */
import { z } from 'zod';
import { Problem } from '../../errors/problem.js';
import type { HttpPost } from '../../world/http.js';
import type { Call } from '../run.js';
import { asked } from './gateway.js';

export interface KeyValue {
  /** Each character is one byte. */
  readonly key: string;
  readonly value: Buffer;
}

/** What etcd takes in one transaction: `--max-txn-ops` 128, `--max-request-bytes` 1.5 MiB (etcd 3.6, server/embed/config.go). */
const most = { keys: 128, bytes: 1_000_000 };

/** From the smallest key to no end (etcd 3.6, api/etcdserverpb/rpc.proto, RangeRequest). */
const everything = { key: 'AA==', range_end: 'AA==' };

const counted = z.object({ count: z.coerce.number().default(0) });
const done = z.object({ succeeded: z.literal(true) });

/** How many keys begin so; all without `prefix`. @throws Problem `network-unreachable`, `tool-output`, `interrupted` */
export async function countKeys(post: HttpPost, port: number, call: Call, prefix = ''): Promise<number> {
  // The end of a prefix is what follows its last byte (etcd 3.6, client/v3/op.go, GetPrefixRangeEnd).
  const end = prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
  const range = prefix === '' ? everything : { key: base64(prefix), range_end: base64(end) };
  return (await asked(post, { port, path: 'kv/range', body: { ...range, count_only: true } }, counted, call)).count;
}

function base64(key: string): string {
  return Buffer.from(key, 'latin1').toString('base64');
}

/**
 * Deletes every key, and writes these. A run that dies in between leaves some of them; nothing may read etcd meanwhile.
 * @throws Problem `network-unreachable`, `tool-output`, `interrupted`, `restore-failed` if other keys are there in the end
 */
export async function replaceKeys(
  post: HttpPost,
  port: number,
  keys: readonly KeyValue[],
  call: Call & { readonly wrote: (keys: number) => void },
): Promise<void> {
  await asked(post, { port, path: 'kv/deleterange', body: everything }, z.looseObject({}), call);
  let written = 0;
  for (const batch of batchesOf(keys)) {
    const success = batch.map(({ key, value }) => ({
      request_put: { key: base64(key), value: value.toString('base64') },
    }));
    await asked(post, { port, path: 'kv/txn', body: { success } }, done, call);
    written += batch.length;
    call.wrote(written);
  }
  const there = await countKeys(post, port, call);
  if (there === keys.length) return;
  throw new Problem('restore-failed', {
    what: `etcd does not hold what was written: expected ${keys.length} keys, got ${there}`,
    why: 'something else wrote into it meanwhile',
    next: ['check that no other API server uses it, then run the same command again'],
  });
}

function* batchesOf(keys: readonly KeyValue[]): Generator<readonly KeyValue[]> {
  let batch: KeyValue[] = [];
  let bytes = 0;
  for (const each of keys) {
    const size = each.key.length + each.value.length;
    if (batch.length > 0 && (batch.length === most.keys || bytes + size > most.bytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(each);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
