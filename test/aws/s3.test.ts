/** Objects of S3 in a rehearsed account: whole or in parts, compared, encrypted, and nothing left of an upload that failed. */
import { describe, expect, it } from 'vitest';
import { makeS3 } from '../../src/aws/s3/s3.js';
import { aroundSends } from '../../src/aws/wrap-calls.js';
import { newAccount } from '../../src/rehearsal/account.js';
import { addBucket } from '../../src/rehearsal/aws/s3.js';
import type { Fault } from '../../src/rehearsal/faults.js';
import { connect } from '../../src/rehearsal/machine/connect.js';

const place = { bucket: 'backups', key: 'fleets/demo.tar' };
const mib = 1024 * 1024;

function opened(
  faults: readonly Fault[] = [],
  more: { readonly kmsKey?: string; readonly denies?: string[]; readonly owner?: string } = {},
) {
  const account = newAccount();
  const bucket = addBucket(account.state, 'backups', { region: 'eu-west-1', ...more });
  const { world, calls } = connect(account, { faults });
  return { bucket, s3: makeS3(world.aws, 'us-west-2'), keys: () => calls.map(({ key }) => key) };
}

async function* pieces(sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (const [index, size] of sizes.entries()) yield Buffer.alloc(size, index + 1);
}

async function read(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const found: Uint8Array[] = [];
  for await (const piece of bytes) found.push(piece);
  return Buffer.concat(found);
}

describe('an object of S3', () => {
  it('is written at once if it is small, and read back', async () => {
    const { s3, bucket, keys } = opened();
    expect(await s3.put(place, pieces([10, 20]))).toBe(true);
    expect(await read(s3.read(place))).toEqual(await read(pieces([10, 20])));
    expect(bucket.objects[place.key]?.encryption).toBe('AES256');
    // Only the region is asked for elsewhere.
    expect(keys()).toEqual([
      'aws sts:GetCallerIdentity us-west-2',
      'aws s3:GetBucketLocation us-west-2',
      'aws s3:PutObject eu-west-1',
      'aws s3:HeadObject eu-west-1',
      'aws s3:GetObject eu-west-1',
    ]);
  });

  it('is written even if it is empty', async () => {
    const { s3 } = opened();
    await s3.put(place, pieces([]));
    expect(await read(s3.read(place))).toEqual(Buffer.alloc(0));
    expect(await s3.facts(place)).toMatchObject({ sizeBytes: 0 });
  });

  it('is written in parts if it is large, and read in ranges', async () => {
    const { s3, bucket, keys } = opened([], { kmsKey: 'arn:aws:kms:eu-west-1:123456789012:key/k' });
    const sizes = [3 * mib, 17 * mib, 5];
    const uploads: string[] = [];
    await s3.put(place, pieces(sizes), async (id) => void uploads.push(id));
    expect(bucket.objects[place.key]?.encryption).toBe('arn:aws:kms:eu-west-1:123456789012:key/k');
    expect((await read(s3.read(place))).equals(await read(pieces(sizes)))).toBe(true);
    expect(keys().filter((key) => key.includes('UploadPart'))).toHaveLength(3);
    expect(keys().filter((key) => key.includes('GetObject'))).toHaveLength(4);
    expect(uploads).toHaveLength(1);
    expect(bucket.uploads).toEqual({});
  });

  it('has a beginning that can be read alone', async () => {
    const { s3, keys } = opened();
    await s3.put(place, pieces([20 * mib]));
    for await (const piece of s3.read(place)) {
      expect(piece.length).toBe(65_536);
      break;
    }
    expect(keys().filter((key) => key.includes('GetObject'))).toHaveLength(1);
  });

  it('is not read on where another has taken its place', async () => {
    const { s3, bucket } = opened();
    await s3.put(place, pieces([20 * mib]));
    const replaced = async (): Promise<void> => {
      for await (const _ of s3.read(place))
        bucket.objects[place.key] = { bytes: 'x'.repeat(20 * mib), changedAt: 1, encryption: 'AES256', sha256: 's' };
    };
    await expect(replaced()).rejects.toMatchObject({ code: 'aws-failed', why: /PreconditionFailed/ });
  });

  it.each([20 * mib, 5])('replaces nothing, with %d bytes', async (size) => {
    const { s3, bucket } = opened();
    await s3.put(place, pieces([7]));
    const before = { ...bucket.objects[place.key] };
    expect(await s3.put(place, pieces([size]))).toBe(false);
    expect(bucket.objects).toEqual({ [place.key]: before });
    expect(bucket.uploads).toEqual({});
    // An answer that was lost: the SDK asks again, and what it wrote is in the way.
    expect(await s3.put(place, pieces([7]))).toBe(true);
  });

  it.each([true, false])('is not taken where it is not encrypted at rest; an answer was lost: %j', async (isLost) => {
    const account = newAccount();
    const bucket = addBucket(account.state, 'backups', { region: 'eu-west-1' });
    const { aws } = connect(account).world;
    const plain = aroundSends(aws, async ({ command }, send) => {
      const answer = await send();
      return command === 'HeadObjectCommand' ? { ...(answer as object), ServerSideEncryption: undefined } : answer;
    });
    if (isLost) await makeS3(aws, 'eu-west-1').put(place, pieces([5]));
    const problem = { code: 'aws-failed', why: 'it is not encrypted at rest', next: ['use another bucket'] };
    await expect(makeS3(plain, 'eu-west-1').put(place, pieces([5]))).rejects.toMatchObject(problem);
    expect(bucket.objects).toEqual({});
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

  it('stays where S3 does not tell whether it is what was written', async () => {
    const { s3, bucket } = opened([], { denies: ['s3:GetObject'] });
    await expect(s3.put(place, pieces([5]))).rejects.toMatchObject({
      code: 'access-denied',
      what: expect.stringMatching(/^s3:\/\/backups\/fleets\/demo.tar was not verified, and is not deleted: /),
      next: expect.arrayContaining([expect.stringContaining('backup verify s3://backups/fleets/demo.tar')]),
    });
    expect(Object.keys(bucket.objects)).toEqual([place.key]);
  });

  it.each([
    [[], 'and is deleted', ['run the same command again']],
    [
      ['s3:DeleteObject'],
      'and could not be deleted',
      [/^delete it yourself: aws s3api /, 'run the same command again'],
    ],
  ] as const)('is deleted where it is not what was written, unless %j is denied', async (denies, shown, next) => {
    const account = newAccount();
    const other = addBucket(account.state, 'backups', { region: 'eu-west-1', denies: [...denies] });
    const { aws } = connect(account).world;
    const spoiling = aroundSends(aws, async ({ command }, send) => {
      const answer = await send();
      if (command === 'PutObjectCommand')
        Object.assign(other.objects[place.key] ?? {}, { sha256: 'of something else' });
      return answer;
    });
    const problem = {
      code: 'aws-failed',
      what: expect.stringContaining(shown),
      why: /got 5 with of something else/,
      next: next.map((each) => (typeof each === 'string' ? each : expect.stringMatching(each))),
    };
    await expect(makeS3(spoiling, 'eu-west-1').put(place, pieces([5]))).rejects.toMatchObject(problem);
    expect(Object.keys(other.objects)).toHaveLength(denies.length);
  });

  it('ends what a process that died has left of an upload', async () => {
    const { s3, bucket } = opened();
    bucket.uploads['upload-9'] = { key: place.key, parts: { 1: 'x' } };
    await s3.abort(place, 'upload-9');
    expect(bucket.uploads).toEqual({});
    await s3.abort(place, 'upload-9');
  });

  it('is listed with others of its folder, all pages of them, and deleted', async () => {
    const { s3 } = opened();
    for (let index = 0; index < 7; index += 1) await s3.put({ ...place, key: `fleets/${index}` }, pieces([index + 1]));
    await s3.put({ ...place, key: 'others/1' }, pieces([1]));
    await s3.put({ ...place, key: 'fleets/deeper/1' }, pieces([1]));
    await s3.remove({ ...place, key: 'fleets/3' });
    const left = ['fleets/0', 'fleets/1', 'fleets/2', 'fleets/4', 'fleets/5', 'fleets/6'];
    expect(await s3.list({ ...place, key: 'fleets/' })).toEqual(left);
    expect(await s3.facts({ ...place, key: 'fleets/3' })).toBeUndefined();
    expect(await read(s3.read({ ...place, key: 'fleets/3' }))).toEqual(Buffer.alloc(0));
  });
});

describe('a bucket', () => {
  it('must exist', async () => {
    const { s3 } = opened();
    const elsewhere = { bucket: 'nobodys', key: 'x' };
    const missing = { code: 'bucket-missing', what: 'there is no bucket nobodys' };
    await expect(s3.put(elsewhere, pieces([1]))).rejects.toMatchObject(missing);
    await expect(s3.list(elsewhere)).rejects.toMatchObject(missing);
    await expect(read(s3.read(elsewhere))).rejects.toMatchObject(missing);
    await expect(s3.mustExist(elsewhere)).rejects.toMatchObject(missing);
  });

  it('of a stranger is not used, not even where it takes all that comes', async () => {
    const { s3, bucket } = opened([], { owner: '999999999999' });
    bucket.objects[place.key] = { bytes: 'theirs', changedAt: 1, encryption: 'AES256', sha256: 's' };
    bucket.uploads['upload-9'] = { key: place.key, parts: {} };
    const before = JSON.stringify(bucket);
    const hint = 'if bucket backups belongs to another account, name that account: s3://ACCOUNT@backups/…';
    const refused = { code: 'access-denied', next: expect.arrayContaining([hint]) };
    for (const size of [5, 20 * mib])
      await expect(s3.put({ ...place, key: 'x' }, pieces([size]))).rejects.toMatchObject(refused);
    await expect(s3.list(place)).rejects.toMatchObject(refused);
    await expect(s3.facts(place)).rejects.toMatchObject(refused);
    await expect(read(s3.read(place))).rejects.toMatchObject(refused);
    await expect(s3.remove(place)).rejects.toMatchObject(refused);
    await expect(s3.abort(place, 'upload-9')).rejects.toMatchObject(refused);
    expect(JSON.stringify(bucket)).toBe(before);
    expect(await s3.facts({ ...place, owner: '999999999999' })).toMatchObject({ sizeBytes: 6 });
    const wrong = { code: 'access-denied', next: expect.arrayContaining([expect.stringContaining('222222222222')]) };
    await expect(s3.facts({ ...place, owner: '222222222222' })).rejects.toMatchObject(wrong);
  });

  it('whose region may not be asked for is used all the same', async () => {
    const { s3, keys } = opened([], { denies: ['s3:GetBucketLocation'] });
    await s3.put(place, pieces([1]));
    expect(keys()).toContain('aws s3:PutObject us-west-2');
  });

  it('in a region that is out of reach is named as such', async () => {
    const { s3 } = opened([{ call: 'aws s3:PutObject *', kind: 'fail', code: 'PermanentRedirect' }]);
    const problem = { code: 'aws-failed', what: 'bucket backups is in a region that these credentials cannot use' };
    await expect(s3.put(place, pieces([1]))).rejects.toMatchObject(problem);
  });
});
