/** The simulated S3: buckets with objects, uploads in parts, pages of lists. */
import type * as S3 from '@aws-sdk/client-s3';
import type { AccountState, BucketState } from '../state.js';
import { type AwsCall, AwsError, operation, type Service } from './answer.js';

export const s3: Service = {
  PutObjectCommand: operation((input: S3.PutObjectCommandInput, call) => {
    put(call, bucketOf(call, input.Bucket), input.Key ?? '', textOf(input.Body), encryptionOf(input));
    return { ETag: '"whole"' };
  }),

  CreateMultipartUploadCommand: operation((input: S3.CreateMultipartUploadCommandInput, call) => {
    const { state } = call.simulation;
    const UploadId = `upload-${state.nextId++}`;
    bucketOf(call, input.Bucket).uploads[UploadId] = {
      key: input.Key ?? '',
      parts: {},
      encryption: encryptionOf(input),
    };
    return { UploadId };
  }),

  UploadPartCommand: operation((input: S3.UploadPartCommandInput, call) => {
    const upload = uploadOf(bucketOf(call, input.Bucket), input.UploadId);
    upload.parts[String(input.PartNumber)] = textOf(input.Body);
    return { ETag: `"part-${input.PartNumber}"` };
  }),

  CompleteMultipartUploadCommand: operation((input: S3.CompleteMultipartUploadCommandInput, call) => {
    const bucket = bucketOf(call, input.Bucket);
    const { key, parts, encryption } = uploadOf(bucket, input.UploadId);
    const numbers = (input.MultipartUpload?.Parts ?? []).map(({ PartNumber }) => String(PartNumber));
    const texts = numbers.map((number) => parts[number] ?? '');
    if (texts.some((text, index) => text === '' || (index < texts.length - 1 && text.length < leastPart)))
      throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
    delete bucket.uploads[input.UploadId ?? ''];
    put(call, bucket, key, texts.join(''), encryption);
    return { ETag: '"whole"' };
  }),

  AbortMultipartUploadCommand: operation((input: S3.AbortMultipartUploadCommandInput, call) => {
    const bucket = bucketOf(call, input.Bucket);
    uploadOf(bucket, input.UploadId);
    delete bucket.uploads[input.UploadId ?? ''];
    return {};
  }),

  GetObjectCommand: operation((input: S3.GetObjectCommandInput, call) => {
    const found = bucketOf(call, input.Bucket).objects[input.Key ?? ''];
    if (found === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
    return { Body: streamed(found.bytes), ContentLength: found.bytes.length };
  }),

  ListObjectsV2Command: operation((input: S3.ListObjectsV2CommandInput, call) => {
    const all = Object.entries(bucketOf(call, input.Bucket).objects)
      .filter(([key]) => key.startsWith(input.Prefix ?? ''))
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
    delete bucketOf(call, input.Bucket).objects[input.Key ?? ''];
    return {};
  }),
};

/** Of every part but the last one (S3 User Guide, multipart upload limits). */
const leastPart = 5 * 1024 * 1024;

/** Few, so that lists come in pages; S3 gives 1,000. */
const pageSize = 5;

/** A bucket for a test. */
export function addBucket(state: AccountState, name: string, region: string): BucketState {
  const bucket: BucketState = { region, objects: {}, uploads: {} };
  state.buckets = { ...state.buckets, [name]: bucket };
  return bucket;
}

/** In whatever region: the client follows the redirect. */
function bucketOf({ simulation }: AwsCall, name: string | undefined): BucketState {
  const found = simulation.state.buckets?.[name ?? ''];
  if (found === undefined) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
  return found;
}

function uploadOf({ uploads }: BucketState, id: string | undefined): BucketState['uploads'][string] {
  const found = uploads[id ?? ''];
  if (found === undefined) throw new AwsError('NoSuchUpload', 'The specified multipart upload does not exist.', 404);
  return found;
}

function put({ simulation }: AwsCall, bucket: BucketState, key: string, bytes: string, encryption: string): void {
  bucket.objects[key] = { bytes, changedAt: simulation.now(), encryption };
}

function encryptionOf({
  ServerSideEncryption,
  SSEKMSKeyId,
}: Pick<S3.PutObjectCommandInput, 'ServerSideEncryption' | 'SSEKMSKeyId'>): string {
  return ServerSideEncryption === 'aws:kms' ? (SSEKMSKeyId ?? 'aws/s3') : 'AES256';
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
