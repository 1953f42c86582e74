/** Writing etcd's keys anew: in what pieces, and what is refused. */
import { describe, expect, it } from 'vitest';
import { countKeys, type KeyValue, replaceKeys } from '../../../src/tools/etcd/gateway-write.js';
import type { HttpPost } from '../../../src/world/http.js';

interface Asked {
  readonly path: string;
  readonly body: {
    readonly success?: readonly { readonly request_put: { readonly key: string; readonly value: string } }[];
  };
}

/** Answers as etcd does; `extra` keys are there besides. */
function etcd({ extra = 0, refuses = '' } = {}) {
  const asked: Asked[] = [];
  let keys = 7;
  const post: HttpPost = async ({ url, body }) => {
    const { pathname } = new URL(url);
    const question = { path: pathname, body: JSON.parse(body) as Asked['body'] };
    asked.push(question);
    if (pathname === '/v3/kv/deleterange') keys = extra;
    keys += question.body.success?.length ?? 0;
    const answer =
      pathname === '/v3/kv/txn' ? { succeeded: true } : pathname === '/v3/kv/range' ? { count: `${keys}` } : {};
    if (pathname.endsWith(refuses) && refuses !== '') return { kind: 'answered', status: 500, bytes: lines('{}') };
    return { kind: 'answered', status: 200, bytes: lines(JSON.stringify(answer)) };
  };
  return { asked, post };
}

async function* lines(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${text}\n`);
}

const keysOf = (count: number, bytes = 1): readonly KeyValue[] =>
  Array.from({ length: count }, (_, index) => ({ key: `/registry/${index}`, value: Buffer.alloc(bytes, 'x') }));
const call = () => {
  const told: number[] = [];
  return { told, signal: new AbortController().signal, wrote: (count: number) => void told.push(count) };
};
const batches = (asked: readonly Asked[]) =>
  asked.flatMap(({ body }) => (body.success === undefined ? [] : [body.success.length]));

describe('writing all keys anew', () => {
  it('deletes first, and writes at most 128 keys at once', async () => {
    const { asked, post } = etcd();
    const here = call();
    await replaceKeys(post, 1, keysOf(300), here);
    expect(asked.map(({ path }) => path)).toEqual([
      '/v3/kv/deleterange',
      '/v3/kv/txn',
      '/v3/kv/txn',
      '/v3/kv/txn',
      '/v3/kv/range',
    ]);
    expect(asked[0]?.body).toEqual({ key: 'AA==', range_end: 'AA==' });
    expect(batches(asked)).toEqual([128, 128, 44]);
    expect(here.told).toEqual([128, 256, 300]);
  });

  it('writes at most a megabyte at once, and what is larger alone', async () => {
    const { asked, post } = etcd();
    await replaceKeys(post, 1, [...keysOf(3, 400_000), ...keysOf(1, 1_200_000), ...keysOf(1)], call());
    expect(batches(asked)).toEqual([2, 1, 1, 1]);
  });

  it('sends keys and values byte by byte', async () => {
    const { asked, post } = etcd();
    await replaceKeys(post, 1, [{ key: '/a\xff', value: Buffer.from([0, 255]) }], call());
    expect(asked[1]?.body.success).toEqual([{ request_put: { key: 'L2H/', value: 'AP8=' } }]);
  });

  it('fails where something else has written meanwhile, and where etcd refuses', async () => {
    await expect(replaceKeys(etcd({ extra: 1 }).post, 1, keysOf(2), call())).rejects.toMatchObject({
      code: 'restore-failed',
      message: 'etcd does not hold what was written: expected 2 keys, got 3',
    });
    const { asked, post } = etcd({ refuses: 'deleterange' });
    await expect(replaceKeys(post, 1, keysOf(2), call())).rejects.toMatchObject({ code: 'network-unreachable' });
    expect(asked).toHaveLength(1);
  });
});

describe('counting keys', () => {
  it('asks for those that begin so', async () => {
    const { asked, post } = etcd();
    expect(await countKeys(post, 1, call(), '/a/')).toBe(7);
    expect(asked[0]?.body).toEqual({ key: 'L2Ev', range_end: 'L2Ew', count_only: true });
  });

  it('takes no count for none', async () => {
    const post: HttpPost = async () => ({ kind: 'answered', status: 200, bytes: lines('{"header":{}}') });
    expect(await countKeys(post, 1, call())).toBe(0);
  });
});
