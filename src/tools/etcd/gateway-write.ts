/** Writes all of etcd's keys anew through its own HTTP gateway (etcd 3.6, api/etcdserverpb/gw/rpc.pb.gw.go). */
import { z } from 'zod';
import { Problem } from '../../errors/problem.js';
import type { Call } from '../run.js';
import { asked, type Gateway } from './gateway.js';

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
export async function countKeys(etcd: Gateway, call: Call, prefix = ''): Promise<number> {
  // The end of a prefix is what follows its last byte (etcd 3.6, client/v3/op.go, GetPrefixRangeEnd).
  const end = prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
  const range = prefix === '' ? everything : { key: base64(prefix), range_end: base64(end) };
  return (await asked(etcd, { path: 'kv/range', body: { ...range, count_only: true } }, counted, call)).count;
}

function base64(key: string): string {
  return Buffer.from(key, 'latin1').toString('base64');
}

/** Keys of one answer; their values are not asked for. */
const pageOfKeys = 10_000;

const stored = z.object({
  kvs: z.array(z.object({ key: z.base64(), value: z.base64().default('') })).default([]),
  more: z.boolean().default(false),
});

/** All keys, in their order. @throws as `countKeys` */
export async function listKeys(etcd: Gateway, call: Call): Promise<readonly string[]> {
  const keys: string[] = [];
  for (let from = everything.key; ; from = base64(`${keys.at(-1)}\0`)) {
    const body = { ...everything, key: from, keys_only: true, limit: `${pageOfKeys}` };
    const { kvs, more } = await asked(etcd, { path: 'kv/range', body }, stored, call);
    keys.push(...kvs.map(({ key }) => textOf(key)));
    if (!more || kvs.length === 0) return keys;
  }
}

/** What is stored under these keys; those that are not there are left out. @throws as `countKeys` */
export async function readKeys(
  etcd: Gateway,
  keys: readonly string[],
  call: Call,
): Promise<ReadonlyMap<string, Buffer>> {
  const found = new Map<string, Buffer>();
  for (const key of keys) {
    const { kvs } = await asked(etcd, { path: 'kv/range', body: { key: base64(key) } }, stored, call);
    for (const { value } of kvs) found.set(key, Buffer.from(value, 'base64'));
  }
  return found;
}

function textOf(key: string): string {
  return Buffer.from(key, 'base64').toString('latin1');
}

const alarms = z.object({ alarms: z.array(z.object({ alarm: z.string().default('NONE') })).default([]) });

/** Whether a member takes no more writes, because its store is full (etcd 3.6, server/etcdserver/api/v3alarm). @throws as `countKeys` */
export async function isFull(etcd: Gateway, call: Call): Promise<boolean> {
  const found = await asked(etcd, { path: 'maintenance/alarm', body: { action: 'GET' } }, alarms, call);
  return found.alarms.some(({ alarm }) => alarm === 'NOSPACE');
}

/**
 * Writes these keys, and then deletes all others: what cannot be written, e.g. because the store is full, loses nothing. A run that dies
 * in between leaves a mixture; nothing may read etcd meanwhile.
 * @throws Problem `network-unreachable`, `tool-output`, `interrupted`, `restore-failed` if other keys are there in the end
 */
export async function replaceKeys(
  etcd: Gateway,
  keys: readonly KeyValue[],
  call: Call & { readonly wrote: (keys: number) => void },
): Promise<void> {
  let written = 0;
  for (const batch of batchesOf(keys)) {
    const success = batch.map(({ key, value }) => ({
      request_put: { key: base64(key), value: value.toString('base64') },
    }));
    await asked(etcd, { path: 'kv/txn', body: { success } }, done, call);
    written += batch.length;
    call.wrote(written);
  }
  const wanted = new Set(keys.map(({ key }) => key));
  const surplus = (await listKeys(etcd, call)).filter((key) => !wanted.has(key));
  for (let start = 0; start < surplus.length; start += most.keys) {
    const success = surplus
      .slice(start, start + most.keys)
      .map((key) => ({ request_delete_range: { key: base64(key) } }));
    await asked(etcd, { path: 'kv/txn', body: { success } }, done, call);
  }
  const there = await countKeys(etcd, call);
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
