/** Reading the keys in a snapshot that etcd 3.6.6 made: written, overwritten, deleted, written again, leased, larger than a page, many. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readEtcdFile } from '../../src/backup/etcd/etcd-file.js';
import { SnapshotSum } from '../../src/backup/etcd/snapshot-sum.js';

const snapshot = gunzipSync(readFileSync(new URL('etcd-3.6.6-snapshot.db.gz', import.meta.url)));

const read = () => {
  const found = readEtcdFile(snapshot);
  return { ...found, values: new Map(found?.keys.map(({ key, value }) => [key, value.toString()])) };
};

function isWhole(bytes: Buffer): boolean {
  const sum = new SnapshotSum();
  sum.update(bytes);
  return sum.isRight();
}

describe('a snapshot of etcd', () => {
  it('ends with the SHA-256 of the rest', () => {
    expect(isWhole(snapshot)).toBe(true);
    expect(isWhole(snapshot.subarray(0, -1))).toBe(false);
    const altered = Buffer.from(snapshot);
    altered[20_000] = (altered[20_000] ?? 0) ^ 1;
    expect(isWhole(altered)).toBe(false);
    expect(isWhole(Buffer.alloc(0))).toBe(false);
  });

  it('has the newest value of each key', () => {
    const { values } = read();
    expect(values.get('/registry/work.karmada.io/works/karmada-es-m1/nginx')).toBe('{"kind":"Work","replicas":3}');
    expect(values.get('/registry/changed')).toBe('value 3');
    expect(values.get('/registry/again')).toBe('two');
    expect(values.get('/registry/big')).toBe('x'.repeat(9000));
  });

  it('has every key that etcd lists, sorted, and none that was deleted', () => {
    const { keys = [], values, revision } = read();
    expect(keys).toHaveLength(86);
    expect(values.has('/registry/deleted')).toBe(false);
    expect(keys.map(({ key }) => key)).toEqual(keys.map(({ key }) => key).toSorted());
    expect(keys.filter(({ key }) => key.startsWith('/registry/many/'))).toHaveLength(81);
    expect(revision).toBe(93);
  });

  it('tells the keys that end by themselves', () => {
    expect(
      read()
        .keys?.filter(({ leased }) => leased)
        .map(({ key }) => key),
    ).toEqual(['/registry/events/default/e1']);
  });

  it('does not need the checksum', () => {
    expect(readEtcdFile(snapshot.subarray(0, -32))?.keys).toHaveLength(86);
  });

  it('takes the other meta page where the newer one was not written whole', () => {
    const torn = Buffer.from(snapshot);
    const newer = torn.readBigUInt64LE(16 + 48) > torn.readBigUInt64LE(4096 + 16 + 48) ? 0 : 4096;
    torn.fill(0, newer + 16 + 56, newer + 16 + 64);
    expect(readEtcdFile(torn)).toBeDefined();
    torn.fill(0, 16, 80);
    torn.fill(0, 4096 + 16, 4096 + 80);
    expect(readEtcdFile(torn)).toBeUndefined();
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a text', Buffer.from('<html>not found</html>'.repeat(1000))],
    ['its beginning', snapshot.subarray(0, 9000)],
    ['zeros', Buffer.alloc(70_000)],
  ])('is not %s', (_, bytes) => {
    expect(readEtcdFile(bytes)).toBeUndefined();
  });
});
