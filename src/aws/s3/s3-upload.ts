/** An upload to S3: at once or in parts, each with its SHA-256, and nothing left of one that fails. */
import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Problem } from '../../errors/problem.js';
import type { AwsClients } from '../../world/aws.js';
import { errorName } from '../call.js';
import { asked, type S3Place } from './s3-call.js';

/** One part of an upload is in memory at a time. At most 10,000 of at least 5 MiB are allowed (S3 User Guide, multipart upload limits): 80 GiB. */
export const partBytes = 8 * 1024 * 1024;

type Client = ReturnType<AwsClients['s3']>;

export interface Written {
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Whether there was an object of this key. */
  readonly isRefused: boolean;
}

/** Writes an object unless there is one of its key, in parts where it is large; a failure leaves nothing. @throws as `asked`; whatever the bytes raise */
export async function upload(
  client: Client,
  place: S3Place,
  bytes: AsyncIterable<Uint8Array>,
  began: (uploadId: string) => Promise<void> = async () => undefined,
): Promise<Written> {
  const target = { Bucket: place.bucket, Key: place.key };
  const sent = async <T>(answer: Promise<T>): Promise<T> => await asked(place, 'writing', answer);
  const parts: { readonly ETag: string | undefined; readonly PartNumber: number; readonly ChecksumSHA256: string }[] =
    [];
  let sizeBytes = 0;
  let UploadId: string | undefined;
  const add = async (Body: Uint8Array): Promise<void> => {
    const part = { PartNumber: parts.length + 1, ChecksumSHA256: sumOf(Body) };
    const { ETag } = await sent(client.send(new UploadPartCommand({ ...target, UploadId, Body, ...part })));
    parts.push({ ETag, ...part });
  };
  try {
    let last: Uint8Array = Buffer.alloc(0);
    for await (const part of inParts(bytes, partBytes)) {
      if (last.length > 0) {
        if (UploadId === undefined) {
          ({ UploadId } = await sent(client.send(new CreateMultipartUploadCommand({ ...target, ...summed }))));
          await began(UploadId ?? '');
        }
        await add(last);
      }
      sizeBytes += part.length;
      last = part;
    }
    if (UploadId === undefined) {
      const sha256 = sumOf(last);
      const whole = { ...target, ...summed, ...unlessThere, Body: last, ChecksumSHA256: sha256 };
      return { sizeBytes, sha256, isRefused: await isTaken(sent(client.send(new PutObjectCommand(whole)))) };
    }
    await add(last);
    const MultipartUpload = { Parts: parts };
    const end = new CompleteMultipartUploadCommand({ ...target, ...unlessThere, UploadId, MultipartUpload });
    const isRefused = await isTaken(sent(client.send(end)));
    if (isRefused) await discard(client, target, UploadId);
    const sums = parts.map(({ ChecksumSHA256 }) => Buffer.from(ChecksumSHA256, 'base64'));
    return { sizeBytes, sha256: sumOf(Buffer.concat(sums)), isRefused };
  } catch (thrown) {
    // Parts that were sent would be paid for until somebody finds them.
    if (UploadId !== undefined) await discard(client, target, UploadId);
    throw thrown;
  }
}

async function discard(client: Client, target: { Bucket: string; Key: string }, UploadId: string): Promise<void> {
  await client.send(new AbortMultipartUploadCommand({ ...target, UploadId })).catch(() => undefined);
}

/**
 * How it is encrypted is not asked for: S3 encrypts whatever it stores, as the bucket is configured (S3 User Guide, default encryption).
 * With S3's own key instead, a bucket that insists on one of KMS would refuse it, or keep it less well than all else.
 */
const summed = { ChecksumAlgorithm: 'SHA256' } as const;

/** S3 User Guide, conditional writes. */
const unlessThere = { IfNoneMatch: '*' } as const;

/** Whether S3 refuses because there is an object of this key, or another upload of it is just being completed. */
async function isTaken(answer: Promise<unknown>): Promise<boolean> {
  try {
    await answer;
    return false;
  } catch (thrown) {
    const name = thrown instanceof Problem ? errorName(thrown.cause) : errorName(thrown);
    if (name === 'PreconditionFailed' || name === 'ConditionalRequestConflict') return true;
    throw thrown;
  }
}

function sumOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}

/** The same bytes in pieces of one size; the last one may be shorter. */
async function* inParts(bytes: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytes) {
    pieces.push(piece);
    length += piece.length;
    if (length < size) continue;
    const whole = Buffer.concat(pieces);
    let from = 0;
    for (; whole.length - from >= size; from += size) yield whole.subarray(from, from + size);
    pieces = [whole.subarray(from)];
    length = whole.length - from;
  }
  if (length > 0) yield Buffer.concat(pieces);
}
