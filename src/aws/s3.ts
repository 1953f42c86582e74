/** Objects of S3: streamed up in parts and down, listed by prefix, always encrypted at rest. */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Problem } from '../errors/problem.js';
import type { AwsClients } from '../world/aws.js';
import { answerOf, answerOrMissing, errorName } from './call.js';
import { allPages } from './pages.js';

export interface S3Place {
  readonly bucket: string;
  /** Of an object, or of several where they are listed; without a slash in front. */
  readonly key: string;
}

/** An object as a list shows it. */
export interface S3Object {
  readonly key: string;
  readonly sizeBytes: number;
  /** In ms since the epoch. */
  readonly changedAt: number;
}

/** One part of an upload is in memory at a time. At most 10,000 of at least 5 MiB are allowed (S3 User Guide, multipart upload limits): 80 GiB. */
const partBytes = 8 * 1024 * 1024;

/** The operations that backups need. `region` need not be that of the bucket: the client follows S3 to it. */
export function makeS3(aws: AwsClients, region: string) {
  const client = aws.s3(region);
  const called = async <T>({ bucket, key }: S3Place, doing: string, answer: Promise<T>): Promise<T> => {
    const where = `s3://${bucket}/${key}`;
    const toldApart = answer.catch((thrown: unknown) => {
      throw errorName(thrown) === 'NoSuchBucket' ? bucketMissing(bucket) : thrown;
    });
    return await answerOf(`${doing} ${where}`, toldApart);
  };
  return {
    /**
     * Writes an object that appears when it is whole; a failure leaves neither it nor parts of it.
     * @param kmsKey ID or ARN of the key to encrypt it with; S3's own key if undefined
     * @throws Problem `bucket-missing`, or as `answerOf`; whatever the bytes raise
     */
    put: async (place: S3Place, bytes: AsyncIterable<Uint8Array>, kmsKey?: string): Promise<void> => {
      const target = { Bucket: place.bucket, Key: place.key };
      const sent = async <T>(answer: Promise<T>): Promise<T> => await called(place, 'writing', answer);
      let upload: Upload | undefined;
      let last: Uint8Array | undefined;
      try {
        for await (const part of inParts(bytes, partBytes)) {
          if (last !== undefined) {
            upload ??= await beginUpload(client, sent, { ...target, ...encryption(kmsKey) });
            await upload.add(last);
          }
          last = part;
        }
        const Body = last ?? Buffer.alloc(0);
        if (upload === undefined)
          await sent(client.send(new PutObjectCommand({ ...target, ...encryption(kmsKey), Body })));
        else await upload.end(Body);
      } catch (thrown) {
        await upload?.abort();
        throw thrown;
      }
    },

    /** The bytes of an object, piece by piece; undefined if there is none. */
    get: async (place: S3Place): Promise<AsyncIterable<Uint8Array> | undefined> => {
      const sent = client.send(new GetObjectCommand({ Bucket: place.bucket, Key: place.key }));
      const missing = sent.catch((thrown: unknown) => {
        if (errorName(thrown) === 'NoSuchKey') return undefined;
        throw thrown;
      });
      const found = await called(place, 'reading', missing);
      // A class of the SDK that is a stream of the platform's: in Node a Readable, which is iterable.
      return found?.Body as AsyncIterable<Uint8Array> | undefined;
    },

    /** All objects whose keys begin with that of the place. */
    list: async (place: S3Place): Promise<readonly S3Object[]> =>
      await allPages(async (ContinuationToken) => {
        const command = new ListObjectsV2Command({ Bucket: place.bucket, Prefix: place.key, ContinuationToken });
        const page = await called(place, 'listing', client.send(command));
        const items = (page.Contents ?? []).map(({ Key = '', Size = 0, LastModified }) => ({
          key: Key,
          sizeBytes: Size,
          changedAt: LastModified?.getTime() ?? 0,
        }));
        return { items, next: page.NextContinuationToken };
      }),

    /** Does nothing if there is none. */
    remove: async (place: S3Place): Promise<void> => {
      const sent = client.send(new DeleteObjectCommand({ Bucket: place.bucket, Key: place.key }));
      await answerOrMissing(`deleting s3://${place.bucket}/${place.key}`, (name) => name === 'NoSuchKey', sent);
    },
  };
}

interface Upload {
  readonly add: (Body: Uint8Array) => Promise<void>;
  /** With the last part. */
  readonly end: (Body: Uint8Array) => Promise<void>;
  /** Parts that were sent would be paid for until somebody finds them. */
  readonly abort: () => Promise<unknown>;
}

async function beginUpload(
  client: ReturnType<AwsClients['s3']>,
  sent: <T>(answer: Promise<T>) => Promise<T>,
  { Bucket, Key, ...encrypted }: { Bucket: string; Key: string } & ReturnType<typeof encryption>,
): Promise<Upload> {
  const begun = await sent(client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...encrypted })));
  const target = { Bucket, Key, UploadId: begun.UploadId };
  const Parts: { ETag: string | undefined; PartNumber: number }[] = [];
  const add = async (Body: Uint8Array): Promise<void> => {
    const PartNumber = Parts.length + 1;
    const { ETag } = await sent(client.send(new UploadPartCommand({ ...target, PartNumber, Body })));
    Parts.push({ ETag, PartNumber });
  };
  return {
    add,
    end: async (Body) => {
      await add(Body);
      await sent(client.send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts } })));
    },
    abort: () => client.send(new AbortMultipartUploadCommand(target)).catch(() => undefined),
  };
}

function encryption(kmsKey: string | undefined) {
  return kmsKey === undefined
    ? ({ ServerSideEncryption: 'AES256' } as const)
    : ({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKey } as const);
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

function bucketMissing(bucket: string): Problem {
  return new Problem('bucket-missing', {
    what: `there is no bucket ${bucket}`,
    next: [`create it: aws s3 mb s3://${bucket}`, 'or name another one'],
  });
}
