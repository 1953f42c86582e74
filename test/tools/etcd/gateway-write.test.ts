/** Writing etcd's keys anew: in what pieces, and what is refused. */
import { describe, expect, it } from 'vitest';
import { forwardedGateway } from '../../../src/tools/etcd/gateway.js';
import { countKeys, type KeyValue, replaceKeys } from '../../../src/tools/etcd/gateway-write.js';
import type { HttpPost } from '../../../src/world/http.js';

interface Asked {
  readonly path: string;
  readonly body: {
    readonly key?: string;
    readonly keys_only?: boolean;
    readonly success?: readonly {
      readonly request_put?: { readonly key: string; readonly value: string };
      readonly request_delete_range?: { readonly key: string };
    }[];
  };
}

const text = (key = ''): string => Buffer.from(key, 'base64').toString('latin1');

/** Answers as etcd does, in pages of so many keys; `extra` keys are counted besides. */
function fakeEtcd({ extra = 0, refuses = '', keys = ['old'], page = 1_000 } = {}) {
  const asked: Asked[] = [];
  const there = new Set(keys);
  const post: HttpPost = async ({ url, body }) => {
    const { pathname } = new URL(url);
    const question = { path: pathname, body: JSON.parse(body) as Asked['body'] };
    asked.push(question);
    if (pathname.endsWith(refuses) && refuses !== '') return { kind: 'answered', status: 500, bytes: lines('{}') };
    const { success = [] } = question.body;
    for (const { request_put: put } of success) if (put !== undefined) there.add(text(put.key));
    for (const { request_delete_range: gone } of success) if (gone !== undefined) there.delete(text(gone.key));
    const found = [...there].sort().filter((key) => key >= text(question.body.key));
    const kvs = found.slice(0, page).map((key) => ({ key: Buffer.from(key, 'latin1').toString('base64') }));
    const range = question.body.keys_only ? { kvs, more: found.length > page } : { count: `${there.size + extra}` };
    return { kind: 'answered', status: 200, bytes: lines(JSON.stringify({ succeeded: true, ...range })) };
  };
  return { asked, etcd: forwardedGateway(post, 1), there };
}

async function* lines(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${text}\n`);
}

const keysOf = (count: number, bytes = 1): readonly KeyValue[] =>
  Array.from({ length: count }, (_, index) => ({
    key: `/registry/${bytes}/${index}`,
    value: Buffer.alloc(bytes, 'x'),
  }));
const call = () => {
  const told: number[] = [];
  return { told, signal: new AbortController().signal, wrote: (count: number) => void told.push(count) };
};
const batches = (asked: readonly Asked[]) =>
  asked.flatMap(({ body }) => (body.success === undefined ? [] : [body.success.length]));

describe('writing all keys anew', () => {
  it('writes at most 128 keys at once, and then deletes what else there is', async () => {
    const { asked, etcd, there } = fakeEtcd({ keys: ['old', 'older', '/registry/1/7'], page: 100 });
    const here = call();
    await replaceKeys(etcd, keysOf(300), here);
    expect(batches(asked)).toEqual([128, 128, 44, 2]);
    expect(asked.findIndex(({ path }) => path === '/v3/kv/range')).toBe(3);
    expect(here.told).toEqual([128, 256, 300]);
    expect([...there].sort()).toEqual(
      keysOf(300)
        .map(({ key }) => key)
        .sort(),
    );
  });

  it('loses nothing where nothing can be written', async () => {
    const { etcd, there } = fakeEtcd({ refuses: 'txn', keys: ['old', 'older'] });
    await expect(replaceKeys(etcd, keysOf(2), call())).rejects.toMatchObject({ code: 'network-unreachable' });
    expect([...there]).toEqual(['old', 'older']);
  });

  it('writes at most a megabyte at once, and what is larger alone', async () => {
    const { asked, etcd } = fakeEtcd();
    await replaceKeys(etcd, [...keysOf(3, 400_000), ...keysOf(1, 1_200_000), ...keysOf(1)], call());
    expect(batches(asked)).toEqual([2, 1, 1, 1, 1]);
  });

  it('sends keys and values byte by byte', async () => {
    const { asked, etcd } = fakeEtcd();
    await replaceKeys(etcd, [{ key: '/a\xff', value: Buffer.from([0, 255]) }], call());
    expect(asked[0]?.body.success).toEqual([{ request_put: { key: 'L2H/', value: 'AP8=' } }]);
  });

  it('fails where something else has written meanwhile', async () => {
    await expect(replaceKeys(fakeEtcd({ extra: 1 }).etcd, keysOf(2), call())).rejects.toMatchObject({
      code: 'restore-failed',
      message: 'etcd does not hold what was written: expected 2 keys, got 3',
    });
  });
});

describe('counting keys', () => {
  it('asks for those that begin so', async () => {
    const { asked, etcd } = fakeEtcd();
    expect(await countKeys(etcd, call(), '/a/')).toBe(1);
    expect(asked[0]?.body).toEqual({ key: 'L2Ev', range_end: 'L2Ew', count_only: true });
  });

  it('takes no count for none', async () => {
    const post: HttpPost = async () => ({ kind: 'answered', status: 200, bytes: lines('{"header":{}}') });
    expect(await countKeys(forwardedGateway(post, 1), call())).toBe(0);
  });
});
