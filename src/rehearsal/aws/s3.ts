/** The simulated S3: buckets with objects, uploads in parts, checksums, ranges, pages of lists, and what a bucket denies. */
import { createHash } from 'node:crypto';
import type * as S3 from '@aws-sdk/client-s3';
import type { AccountState, BucketState, S3ObjectState } from '../state.js';
import { type AwsCall, AwsError, operation, type Service } from './answer.js';

export const s3: Service = {
  GetBucketLocationCommand: operation((input: S3.GetBucketLocationCommandInput, call) => {
    const { region } = bucketOf(call, input, 's3:GetBucketLocation');
    return region === 'us-east-1' ? {} : { LocationConstraint: region };
  }),

  PutObjectCommand: operation((input: S3.PutObjectCommandInput, call) => {
    const bucket = bucketOf(call, input, 's3:PutObject');
    const bytes = textOf(input.Body);
    const sha256 = checked(bytes, input.ChecksumSHA256);
    return put(call, bucket, input, { bytes, sha256 });
  }),

  CreateMultipartUploadCommand: operation((input: S3.CreateMultipartUploadCommandInput, call) => {
    const { state } = call.simulation;
    const bucket = bucketOf(call, input, 's3:PutObject');
    const UploadId = `upload-${state.nextId++}`;
    bucket.uploads[UploadId] = { key: input.Key ?? '', parts: {} };
    return { UploadId };
  }),

  UploadPartCommand: operation((input: S3.UploadPartCommandInput, call) => {
    const upload = uploadOf(bucketOf(call, input, 's3:PutObject'), input.UploadId);
    const bytes = textOf(input.Body);
    checked(bytes, input.ChecksumSHA256);
    upload.parts[String(input.PartNumber)] = bytes;
    return { ETag: `"part-${input.PartNumber}"` };
  }),

  CompleteMultipartUploadCommand: operation((input: S3.CompleteMultipartUploadCommandInput, call) => {
    const bucket = bucketOf(call, input, 's3:PutObject');
    const { parts } = uploadOf(bucket, input.UploadId);
    const numbers = (input.MultipartUpload?.Parts ?? []).map(({ PartNumber }) => String(PartNumber));
    const texts = numbers.map((number) => parts[number] ?? '');
    if (texts.some((text, index) => text === '' || (index < texts.length - 1 && text.length < leastPart)))
      throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
    const sums = texts.map((text) => createHash('sha256').update(text, 'latin1').digest());
    const sha256 = `${createHash('sha256').update(Buffer.concat(sums)).digest('base64')}-${sums.length}`;
    const answer = put(call, bucket, input, { bytes: texts.join(''), sha256 });
    delete bucket.uploads[input.UploadId ?? ''];
    return answer;
  }),

  AbortMultipartUploadCommand: operation((input: S3.AbortMultipartUploadCommandInput, call) => {
    const bucket = bucketOf(call, input, 's3:AbortMultipartUpload');
    uploadOf(bucket, input.UploadId);
    delete bucket.uploads[input.UploadId ?? ''];
    return {};
  }),

  HeadObjectCommand: operation((input: S3.HeadObjectCommandInput, call) => {
    const bucket = headed(() => bucketOf(call, input, 's3:GetObject'));
    const found = headed(() => objectOf(bucket, input.Key));
    return {
      ContentLength: found.bytes.length,
      ETag: etagOf(found),
      ServerSideEncryption: found.encryption === 'AES256' ? 'AES256' : 'aws:kms',
      ...(input.ChecksumMode === 'ENABLED' ? { ChecksumSHA256: found.sha256 } : {}),
    };
  }),

  GetObjectCommand: operation((input: S3.GetObjectCommandInput, call) => {
    const found = objectOf(bucketOf(call, input, 's3:GetObject'), input.Key);
    const { bytes } = found;
    if (input.IfMatch !== undefined && input.IfMatch !== etagOf(found)) throw preconditionFailed();
    const ETag = etagOf(found);
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(input.Range ?? '') ?? [];
    if (from === undefined) return { Body: streamed(bytes), ContentLength: bytes.length, ETag };
    const start = Number(from);
    if (start >= bytes.length) throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
    const text = bytes.slice(start, Number(to) + 1);
    const ContentRange = `bytes ${start}-${start + text.length - 1}/${bytes.length}`;
    return { Body: streamed(text), ContentLength: text.length, ContentRange, ETag };
  }),

  ListObjectsV2Command: operation((input: S3.ListObjectsV2CommandInput, call) => {
    const prefix = input.Prefix ?? '';
    const isBelow = (key: string): boolean => input.Delimiter !== '/' || !key.slice(prefix.length).includes('/');
    const all = Object.entries(bucketOf(call, input, 's3:ListBucket').objects)
      .filter(([key]) => key.startsWith(prefix) && isBelow(key))
      .sort(([one], [other]) => (one < other ? -1 : 1));
    const start = Number(input.ContinuationToken ?? 0);
    const Contents = all.slice(start, start + pageSize).map(([Key, { bytes, changedAt }]) => ({
      Key,
      Size: bytes.length,
      LastModified: new Date(changedAt),
    }));
    const end = start + pageSize;
    return { Contents, NextContinuationToken: end < all.length ? String(end) : undefined };
  }),

  DeleteObjectCommand: operation((input: S3.DeleteObjectCommandInput, call) => {
    delete bucketOf(call, input, 's3:DeleteObject').objects[input.Key ?? ''];
    return {};
  }),
};

/** Of every part but the last one (S3 User Guide, multipart upload limits). */
const leastPart = 5 * 1024 * 1024;

/** Few, so that lists come in pages; S3 gives 1,000. */
const pageSize = 5;

/** A bucket that somebody has made; `denies` actions of IAM. */
export function addBucket(
  state: AccountState,
  name: string,
  { region, ...more }: Pick<BucketState, 'region' | 'kmsKey' | 'denies' | 'owner'>,
): BucketState {
  const bucket: BucketState = { region, objects: {}, uploads: {}, ...more };
  state.buckets = { ...state.buckets, [name]: bucket };
  return bucket;
}

/** In whatever region: the client follows the redirect. */
function bucketOf(
  { simulation: { state } }: AwsCall,
  { Bucket = '', ExpectedBucketOwner }: Pick<S3.PutObjectCommandInput, 'Bucket' | 'ExpectedBucketOwner'>,
  action: string,
): BucketState {
  const found = state.buckets?.[Bucket];
  if (found === undefined) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
  const owner = found.owner ?? state.accountId;
  if (found.denies?.includes(action) || (ExpectedBucketOwner ?? owner) !== owner) throw denied();
  return found;
}

/** Who may not list a bucket does not learn that a key is missing. */
function objectOf({ objects, denies }: BucketState, key: string | undefined): S3ObjectState {
  const found = objects[key ?? ''];
  if (found !== undefined) return found;
  if (denies?.includes('s3:ListBucket')) throw denied();
  throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
}

function denied(): AwsError {
  return new AwsError('AccessDenied', 'Access Denied', 403);
}

/** An error as it comes for HEAD, which has no body: the SDK knows the name of 404 alone. */
function headed<T>(found: () => T): T {
  try {
    return found();
  } catch (thrown) {
    if (!(thrown instanceof AwsError)) throw thrown;
    const status = thrown.$metadata.httpStatusCode;
    throw new AwsError(status === 404 ? 'NotFound' : 'Unknown', 'UnknownError', status);
  }
}

function uploadOf({ uploads }: BucketState, id: string | undefined): BucketState['uploads'][string] {
  const found = uploads[id ?? ''];
  if (found === undefined) throw new AwsError('NoSuchUpload', 'The specified multipart upload does not exist.', 404);
  return found;
}

/** Encrypted as the bucket is configured, which is what S3 does where no encryption is asked for. */
function put(
  { simulation }: AwsCall,
  bucket: BucketState,
  { Key = '', IfNoneMatch }: Pick<S3.PutObjectCommandInput, 'Key' | 'IfNoneMatch'>,
  written: Pick<S3ObjectState, 'bytes' | 'sha256'>,
): object {
  if (IfNoneMatch === '*' && bucket.objects[Key] !== undefined) throw preconditionFailed();
  const object = { ...written, changedAt: simulation.now(), encryption: bucket.kmsKey ?? 'AES256' };
  bucket.objects[Key] = object;
  return { ETag: etagOf(object) };
}

function preconditionFailed(): AwsError {
  return new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
}

function etagOf({ sha256, changedAt }: S3ObjectState): string {
  return `"${createHash('md5').update(`${sha256} ${changedAt}`).digest('hex')}"`;
}

function checked(bytes: string, expected: string | undefined): string {
  const sha256 = createHash('sha256').update(bytes, 'latin1').digest('base64');
  if (expected === undefined || expected === sha256) return sha256;
  throw new AwsError('BadDigest', 'The SHA256 you specified did not match the calculated checksum.');
}

/** Only what is whole and in memory is taken; a stream of unknown length is refused by S3, too. */
function textOf(body: unknown): string {
  if (body instanceof Uint8Array) return Buffer.from(body).toString('latin1');
  throw new AwsError('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411);
}

async function* streamed(text: string): AsyncGenerator<Uint8Array> {
  const half = Math.ceil(text.length / 2);
  for (const piece of [text.slice(0, half), text.slice(half)]) if (piece !== '') yield Buffer.from(piece, 'latin1');
}
