/** Backups in S3: of the objects under one prefix of one bucket only the fleet's own are read, written and deleted. */
import type { S3Address } from '../backup/address.js';
import type { Fleet } from '../fleet/fleet.js';
import type { Facts } from '../model/facts.js';
import { allConditions, allow, type Statement } from './statement.js';

/** Whoever may write an object may write it in parts; ARNs of S3 have no region and no account (Service Authorization Reference, Amazon S3). */
export function backupStatements(
  { name }: Fleet,
  { caller }: Facts,
  { owner, bucket, key }: S3Address,
): readonly Statement[] {
  const arn = `arn:${caller.partition}:s3:::${bucket}`;
  const under = key === '' ? '' : `${key}/`;
  // Names of other fleets may begin with this one's, so its own are told by the form of the time (`backupPath`).
  const names = ['', '.age'].map((end) => `${arn}/${under}${name}-????????T??????Z.tar${end}`);
  const owned = { StringEquals: { 'aws:ResourceAccount': [owner ?? caller.account] } };
  return [
    allow('BackupBucket', ['s3:GetBucketLocation'], arn, owned),
    allow('BackupList', ['s3:ListBucket'], arn, allConditions(owned, { StringEquals: { 's3:prefix': [under] } })),
    allow('Backups', ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:GetObject', 's3:PutObject'], names, owned),
  ];
}
