/** Reads what is stored under a prefix of etcd through its own HTTP gateway, a few keys at a time. */
import { z } from 'zod';
import type { Call } from '../run.js';
import { asked, type Gateway } from './gateway.js';

/** etcd takes values up to 1.5 MiB (etcd 3.6, server/embed/config.go, `--max-request-bytes`), and an answer is read as one line. */
const pageOfValues = 7;

const page = z.object({
  kvs: z.array(z.object({ key: z.base64(), value: z.base64().default('') })).default([]),
  more: z.boolean().default(false),
});

/** The values in the order of their keys. `prefix`: ASCII, not empty. @throws Problem `network-unreachable`, `tool-output`, `interrupted` */
export async function* valuesUnder(etcd: Gateway, prefix: string, call: Call): AsyncGenerator<Buffer> {
  // The end of a prefix is what follows its last byte (etcd 3.6, client/v3/op.go, GetPrefixRangeEnd).
  const end = Buffer.from(prefix);
  end.writeUInt8((end.at(-1) ?? 0) + 1, end.length - 1);
  for (let from: Buffer = Buffer.from(prefix); ; ) {
    const body = { key: from.toString('base64'), range_end: end.toString('base64'), limit: `${pageOfValues}` };
    const { kvs, more } = await asked(etcd, { path: 'kv/range', body }, page, call);
    for (const { value } of kvs) yield Buffer.from(value, 'base64');
    const last = kvs.at(-1);
    if (!more || last === undefined) return;
    from = Buffer.concat([Buffer.from(last.key, 'base64'), Buffer.alloc(1)]);
  }
}
