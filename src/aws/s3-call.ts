/** One call of S3: which bucket and key a Problem is about, and what S3 alone answers. */
import { Problem } from '../errors/problem.js';
import { answerOf, errorName } from './call.js';

export interface S3Place {
  readonly bucket: string;
  /** Of an object, or of several where they are listed; without a slash in front. */
  readonly key: string;
}

/** @throws Problem `bucket-missing`, or as `answerOf` */
export async function asked<T>({ bucket, key }: S3Place, doing: string, answer: Promise<T>): Promise<T> {
  const toldApart = answer.catch((thrown: unknown) => {
    const name = errorName(thrown);
    if (name === 'NoSuchBucket') throw bucketMissing(bucket);
    if (elsewhere.includes(name)) throw bucketElsewhere(bucket, thrown);
    throw thrown;
  });
  return await answerOf(`${doing} s3://${bucket}${key === '' ? '' : `/${key}`}`, toldApart);
}

/** What S3 answers where its redirect cannot be followed: an object of another partition, or of a region that the account has not enabled. */
const elsewhere = ['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'];

function bucketMissing(bucket: string): Problem {
  return new Problem('bucket-missing', {
    what: `there is no bucket ${bucket}`,
    next: [`create it: aws s3 mb s3://${bucket}`, 'or name another one'],
  });
}

function bucketElsewhere(bucket: string, cause: unknown): Problem {
  return new Problem('aws-failed', {
    what: `bucket ${bucket} is in a region that these credentials cannot use`,
    why: `${errorName(cause)}: its region is of another partition, or the account has not enabled it`,
    next: ['use a bucket in another region'],
    cause,
  });
}
