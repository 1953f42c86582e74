/** Objects of S3: streamed up in parts and down in ranges, listed by prefix; none is left that is not encrypted at rest. */
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import { Problem } from '../../errors/problem.js';
import type { AwsClients } from '../../world/aws.js';
import { errorName } from '../call.js';
import { allPages } from '../pages.js';
import { bucketClients } from './s3-bucket.js';
import { asked, type S3Place } from './s3-call.js';
import { partBytes, upload, type Written } from './s3-upload.js';

/** What S3 tells of an object. */
export interface S3Facts {
  readonly sizeBytes: number;
  /** SHA-256 in base64: of the object, or of the sums of its parts; undefined: it has none. */
  readonly sha256: string | undefined;
  readonly isEncrypted: boolean;
}

/** Of the first range: what stands at the beginning of an object costs no more than that. */
const headBytes = 64 * 1024;

type Client = ReturnType<AwsClients['s3']>;

/** The operations that backups need. `region` need not be that of the bucket, but of the same partition. */
export function makeS3(aws: AwsClients, region: string) {
  const clientOf = bucketClients(aws, region);
  return {
    /** @throws Problem `bucket-missing`, or as `answerOf`; none where only the bucket's region may not be asked for */
    mustExist: async (place: S3Place): Promise<void> => void (await clientOf(place)),

    /**
     * Writes an object that appears when it is whole, unless there is one of its key: then false. S3 compares each part with its
     * SHA-256, and is asked for that of the whole in the end. What is not as it must be is deleted; what S3 does not tell of stays. A
     * failure before leaves neither the object nor parts of it; a process that dies may leave parts of the upload that `began` was told of.
     * @throws Problem `bucket-missing`, `aws-failed`, or as `answerOf`; whatever the bytes raise
     */
    put: async (
      place: S3Place,
      bytes: AsyncIterable<Uint8Array>,
      began?: (uploadId: string) => Promise<void>,
    ): Promise<boolean> => {
      const client = await clientOf(place);
      const written = await upload(client, place, bytes, began);
      const found = await factsOf(client, place).catch((thrown: unknown) => {
        throw thrown instanceof Problem ? unverified(place, thrown) : thrown;
      });
      // Where an answer was lost and the SDK has asked again, the object in the way is the one that was written.
      if (written.isRefused && !isSame(found, written)) return false;
      if (isSame(found, written) && found?.isEncrypted === true) return true;
      const isGone = await remove(client, place).then(isTrue, isFalse);
      throw wrong(place, found, written, isGone);
    },

    /** Ends an upload that a process which died had begun; does nothing if it is over. */
    abort: async (place: S3Place, uploadId: string): Promise<void> => {
      const client = await clientOf(place);
      const command = new AbortMultipartUploadCommand({ Bucket: place.bucket, Key: place.key, UploadId: uploadId });
      await asked(place, 'deleting what an upload left of', unless(['NoSuchUpload'], client.send(command)));
    },

    /** Undefined if there is no such object. */
    facts: async (place: S3Place): Promise<S3Facts | undefined> => await factsOf(await clientOf(place), place),

    /** The bytes of an object, range after range as they are asked for; none if there is no such object. */
    read: async function* (place: S3Place): AsyncGenerator<Uint8Array> {
      yield* rangesOf(await clientOf(place), place);
    },

    /** The keys of all objects whose keys begin with that of the place and have no slash after it. */
    list: async (place: S3Place): Promise<readonly string[]> => {
      const client = await clientOf(place);
      return await allPages(async (ContinuationToken) => {
        const wanted = { Bucket: place.bucket, Prefix: place.key, Delimiter: '/', ContinuationToken };
        const page = await asked(place, 'listing', client.send(new ListObjectsV2Command(wanted)));
        const items = (page.Contents ?? []).flatMap(({ Key }) => Key ?? []);
        return { items, next: page.NextContinuationToken };
      });
    },

    /** Does nothing if there is none. */
    remove: async (place: S3Place): Promise<void> => await remove(await clientOf(place), place),
  };
}

async function factsOf(client: Client, place: S3Place): Promise<S3Facts | undefined> {
  const command = new HeadObjectCommand({ Bucket: place.bucket, Key: place.key, ChecksumMode: 'ENABLED' });
  const found = await asked(place, 'reading', unless(['NotFound'], client.send(command)));
  if (found === undefined) return undefined;
  const { ContentLength = 0, ChecksumSHA256, ServerSideEncryption } = found;
  // The number of parts follows (S3 User Guide, checking object integrity), but not where S3 is simulated by moto 5.2.
  const sha256 = ChecksumSHA256?.replace(/-\d+$/, '');
  return { sizeBytes: ContentLength, sha256, isEncrypted: ServerSideEncryption !== undefined };
}

/** Undefined where S3 answers with an error of one of these names. */
async function unless<T>(names: readonly string[], answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (thrown) {
    if (names.includes(errorName(thrown))) return undefined;
    throw thrown;
  }
}

async function remove(client: Client, place: S3Place): Promise<void> {
  const command = new DeleteObjectCommand({ Bucket: place.bucket, Key: place.key });
  await asked(place, 'deleting', client.send(command));
}

function isSame(found: S3Facts | undefined, { sizeBytes, sha256 }: Written): boolean {
  return found?.sizeBytes === sizeBytes && found.sha256 === sha256;
}

const isTrue = (): boolean => true;
const isFalse = (): boolean => false;

function wrong(
  { bucket, key, owner }: S3Place,
  found: S3Facts | undefined,
  written: Written,
  isGone: boolean,
): Problem {
  const { sizeBytes, sha256 } = written;
  const what = `s3://${bucket}/${key} is not what it must be`;
  const again = isSame(found, written) ? 'use another bucket' : 'run the same command again';
  const byHand = `aws s3api delete-object --bucket ${bucket} --key ${key}${owner === undefined ? '' : ` --expected-bucket-owner ${owner}`}`;
  return new Problem('aws-failed', {
    what: isGone ? `${what}, and is deleted` : `${what}, and could not be deleted`,
    why: isSame(found, written)
      ? 'it is not encrypted at rest'
      : `expected ${sizeBytes} bytes with SHA-256 ${sha256}, got ${found?.sizeBytes ?? 0} with ${found?.sha256 ?? 'none'}`,
    next: isGone ? [again] : [`delete it yourself: ${byHand}`, again],
  });
}

/** The object may be as good as it is: only the question failed. */
function unverified({ bucket, key, owner }: S3Place, { code, what, why, next, cause }: Problem): Problem {
  const address = `s3://${owner === undefined ? '' : `${owner}@`}${bucket}/${key}`;
  return new Problem(code, {
    what: `s3://${bucket}/${key} was not verified, and is not deleted: ${what}`,
    ...(why === undefined ? {} : { why }),
    next: [...next, `if it is there, verify it: backup verify ${address}`],
    cause,
  });
}

async function* rangesOf(client: Client, place: S3Place): AsyncGenerator<Uint8Array> {
  let etag: string | undefined;
  for (let from = 0, all = 1; from < all; ) {
    const to = from + (from === 0 ? headBytes : partBytes) - 1;
    const range = await asked(place, 'reading', readRange(client, place, `bytes=${from}-${to}`, etag));
    if (range === undefined || range.bytes.length === 0) return;
    yield range.bytes;
    ({ etag } = range);
    all = range.all ?? range.bytes.length;
    from += range.bytes.length;
  }
}

interface Range {
  readonly bytes: Buffer;
  /** Size of the whole object; undefined: this is the whole. */
  readonly all: number | undefined;
  readonly etag: string | undefined;
}

/** Of the very object that the first range came from. Undefined: there is no such object, or it is empty. */
async function readRange(
  client: Client,
  { bucket, key }: S3Place,
  Range: string,
  IfMatch: string | undefined,
): Promise<Range | undefined> {
  try {
    const found = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range, IfMatch }));
    const pieces: Uint8Array[] = [];
    // A class of the SDK that is a stream of the platform's: in Node a Readable, which is iterable.
    for await (const piece of found.Body as AsyncIterable<Uint8Array>) pieces.push(piece);
    const all = /\/(\d+)$/.exec(found.ContentRange ?? '')?.[1];
    return { bytes: Buffer.concat(pieces), all: all === undefined ? undefined : Number(all), etag: found.ETag };
  } catch (thrown) {
    if (['NoSuchKey', 'InvalidRange'].includes(errorName(thrown))) return undefined;
    throw thrown;
  }
}
