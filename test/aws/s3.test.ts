/** Objects of S3 in a rehearsed account: whole or in parts, encrypted, and nothing left of an upload that failed. */
import { describe, expect, it } from 'vitest';
import { makeS3 } from '../../src/aws/s3.js';
import { newAccount } from '../../src/rehearsal/account.js';
import { addBucket } from '../../src/rehearsal/aws/s3.js';
import type { Fault } from '../../src/rehearsal/faults.js';
import { connect } from '../../src/rehearsal/machine/connect.js';

const place = { bucket: 'backups', key: 'fleets/demo.tar' };
const mib = 1024 * 1024;

function opened(faults: readonly Fault[] = []) {
  const account = newAccount();
  const bucket = addBucket(account.state, 'backups', 'eu-west-1');
  const { world, calls } = connect(account, { faults });
  return { bucket, s3: makeS3(world.aws, 'us-west-2'), calls };
}

async function* pieces(sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (const [index, size] of sizes.entries()) yield Buffer.alloc(size, index + 1);
}

async function read(bytes: AsyncIterable<Uint8Array> | undefined): Promise<Buffer | undefined> {
  if (bytes === undefined) return undefined;
  const found: Uint8Array[] = [];
  for await (const piece of bytes) found.push(piece);
  return Buffer.concat(found);
}

describe('an object of S3', () => {
  it('is written at once if it is small, and read back', async () => {
    const { s3, bucket, calls } = opened();
    await s3.put(place, pieces([10, 20]));
    expect(await read(await s3.get(place))).toEqual(await read(pieces([10, 20])));
    expect(bucket.objects[place.key]?.encryption).toBe('AES256');
    expect(calls.map(({ key }) => key)).toEqual(['aws s3:PutObject us-west-2', 'aws s3:GetObject us-west-2']);
  });

  it('is written even if it is empty', async () => {
    const { s3 } = opened();
    await s3.put(place, pieces([]));
    expect(await read(await s3.get(place))).toEqual(Buffer.alloc(0));
  });

  it('is written in parts if it is large, encrypted with the key of the user', async () => {
    const { s3, bucket, calls } = opened();
    const sizes = [3 * mib, 17 * mib, 5];
    await s3.put(place, pieces(sizes), 'arn:aws:kms:eu-west-1:123456789012:key/k');
    expect(bucket.objects[place.key]?.encryption).toBe('arn:aws:kms:eu-west-1:123456789012:key/k');
    expect((await read(await s3.get(place)))?.equals((await read(pieces(sizes))) ?? Buffer.alloc(0))).toBe(true);
    expect(calls.filter(({ key }) => key.includes('UploadPart'))).toHaveLength(3);
    expect(bucket.uploads).toEqual({});
  });

  it('leaves nothing of an upload that failed', async () => {
    const refused: Fault = { call: 'aws s3:UploadPart *', kind: 'fail', code: 'AccessDenied', skip: 1 };
    const { s3, bucket } = opened([refused]);
    await expect(s3.put(place, pieces([20 * mib]))).rejects.toMatchObject({ code: 'access-denied' });
    expect(bucket).toMatchObject({ uploads: {}, objects: {} });
  });

  it('leaves nothing where the bytes end in an error', async () => {
    const { s3, bucket } = opened();
    const broken = async function* () {
      yield* pieces([20 * mib]);
      throw new TypeError('the disk is gone');
    };
    await expect(s3.put(place, broken())).rejects.toThrow('the disk is gone');
    expect(bucket).toMatchObject({ uploads: {}, objects: {} });
  });

  it('is listed with others of its prefix, all pages of them, and deleted', async () => {
    const { s3 } = opened();
    for (let index = 0; index < 7; index += 1) await s3.put({ ...place, key: `fleets/${index}` }, pieces([index + 1]));
    await s3.put({ ...place, key: 'others/1' }, pieces([1]));
    await s3.remove({ ...place, key: 'fleets/3' });
    const found = await s3.list({ ...place, key: 'fleets/' });
    expect(found.map(({ key, sizeBytes }) => `${key} ${sizeBytes}`)).toEqual([
      'fleets/0 1',
      'fleets/1 2',
      'fleets/2 3',
      'fleets/4 5',
      'fleets/5 6',
      'fleets/6 7',
    ]);
    expect(found[0]?.changedAt).toBeGreaterThan(0);
    expect(await s3.get({ ...place, key: 'fleets/3' })).toBeUndefined();
  });

  it('needs a bucket', async () => {
    const { s3 } = opened();
    const elsewhere = { bucket: 'nobodys', key: 'x' };
    const missing = { code: 'bucket-missing', what: 'there is no bucket nobodys' };
    await expect(s3.put(elsewhere, pieces([1]))).rejects.toMatchObject(missing);
    await expect(s3.list(elsewhere)).rejects.toMatchObject(missing);
    await expect(s3.get(elsewhere)).rejects.toMatchObject(missing);
  });
});
