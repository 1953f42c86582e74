/** Addresses of backups in S3, and how they are told from paths of this machine. */
import { Problem } from '../errors/problem.js';

/** `s3://BUCKET/KEY`, or `s3://ACCOUNT@BUCKET/KEY`; the key is empty for a whole bucket. */
export interface S3Address {
  /** Account that the bucket must belong to; undefined: the caller's. */
  readonly owner: string | undefined;
  readonly bucket: string;
  readonly key: string;
}

/** Of anything that is not a path, such as a bucket; also where a slash of it is missing. */
export function isAddress(text: string): boolean {
  return /^(?:[a-z0-9]+:\/\/|s3:)/i.test(text);
}

/** Undefined: it is none, or has an empty part. Names of buckets: S3 User Guide, general purpose bucket naming rules. */
export function s3Address(text: string): S3Address | undefined {
  const [, owner, bucket, key = ''] =
    /^s3:\/\/(?:(\d{12})@)?([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(text) ?? [];
  if (bucket === undefined || /^\/|\/\//.test(key) || Buffer.byteLength(key) > 900) return undefined;
  return { owner, bucket, key };
}

/** Where backups are kept, without a slash at its end. @throws Problem `invalid-value`, naming `flag` */
export function folderAddress(text: string, flag: string): string {
  const address = s3Address(text);
  // In a policy of IAM these stand for other texts (IAM User Guide, policy elements: Resource, variables).
  if (/[*?$]/.test(text))
    throw new Problem('invalid-value', {
      what: `${flag}: expected s3://BUCKET/PREFIX without *, ? and $, got ${text}`,
      next: ['use another prefix'],
    });
  if (address !== undefined && !/\.tar(\.\w+)?\/*$/.test(address.key)) return text.replace(/\/+$/, '');
  throw new Problem('invalid-value', {
    what: `${flag}: expected s3://BUCKET/PREFIX, got ${text}`,
    next: [
      address === undefined
        ? 'use a path on this machine, or s3://BUCKET/PREFIX'
        : 'name the prefix alone: the backup is named by the fleet and the time',
    ],
  });
}

/** One backup. @throws Problem `invalid-value` */
export function objectAddress(text: string): string {
  const address = s3Address(text);
  if (address !== undefined && address.key !== '' && !address.key.endsWith('/')) return text;
  throw new Problem('invalid-value', {
    what: `expected a file or s3://BUCKET/KEY, got ${text}`,
    next: ['name a file of this machine, or one object with its whole key, as backup list shows it'],
  });
}
