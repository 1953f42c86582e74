/** One call of S3: which bucket and key a Problem is about, and what S3 alone answers. */
import { Problem } from '../../errors/problem.js';
import { answerOf, errorName } from '../call.js';

export interface S3Place {
  readonly bucket: string;
  /** Of an object, or of several where they are listed; without a slash in front. */
  readonly key: string;
  /** Account that the bucket must belong to; undefined: the caller's. */
  readonly owner?: string | undefined;
}

/** @throws Problem `bucket-missing`, or as `answerOf` */
export async function asked<T>({ bucket, key, owner }: S3Place, doing: string, answer: Promise<T>): Promise<T> {
  const toldApart = answer.catch((thrown: unknown) => {
    const name = errorName(thrown);
    if (name === 'NoSuchBucket') throw bucketMissing(bucket);
    if (elsewhere.includes(name)) throw bucketElsewhere(bucket, thrown);
    throw thrown;
  });
  const what = `${doing} s3://${bucket}${key === '' ? '' : `/${key}`}`;
  return await answerOf(what, toldApart).catch((thrown: unknown) => {
    throw thrown instanceof Problem && thrown.code === 'access-denied' ? withOwner(thrown, bucket, owner) : thrown;
  });
}

/** S3 answers a wrong owner as it answers a permission that is missing (S3 User Guide, verifying bucket ownership). */
function withOwner({ what, why, next, cause }: Problem, bucket: string, owner: string | undefined): Problem {
  const other =
    owner === undefined
      ? `if bucket ${bucket} belongs to another account, name that account: s3://ACCOUNT@${bucket}/…`
      : `check that bucket ${bucket} belongs to account ${owner}`;
  return new Problem('access-denied', { what, ...(why === undefined ? {} : { why }), next: [...next, other], cause });
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
