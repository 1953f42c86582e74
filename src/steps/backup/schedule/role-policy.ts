/** The least that a scheduled backup may do in AWS: its own objects under one prefix of one bucket, and its KMS keys for encrypting alone. */
import { kmsRegion } from '../../../aws/kms.js';
import { s3Address } from '../../../backup/address.js';
import { fleetTag } from '../../../fleet/names.js';
import type { FleetContext } from '../../context.js';
import { ownedAddress, type WantedSchedule } from './wanted-schedule.js';

type Wanted = Pick<WantedSchedule, 'to' | 'encryptTo'>;

/**
 * An inline policy. The objects are those of `backupPath`; an alias is no resource of KMS's actions: the keys that have it are
 * (KMS Developer Guide, `kms:ResourceAliases`).
 */
export function rolePolicy(context: Pick<FleetContext, 'fleet' | 'caller'>, { to, encryptTo }: Wanted): object {
  const { fleet, caller } = context;
  const { owner = '', bucket, key } = s3Address(ownedAddress(context, to)) ?? { bucket: '', key: '' };
  const arn = `arn:${caller.partition}:s3:::${bucket}`;
  const under = key === '' ? '' : `${key}/`;
  const owned = { 'aws:ResourceAccount': owner };
  const bound = { [`kms:EncryptionContext:${fleetTag}`]: fleet.id };
  const keys = encryptTo.filter((each) => kmsRegion(each) !== undefined);
  return {
    Version: '2012-10-17',
    Statement: [
      allow(['s3:GetBucketLocation'], arn, { StringEquals: owned }),
      allow(['s3:ListBucket'], arn, { StringEquals: { ...owned, 's3:prefix': under } }),
      allow(
        ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:GetObject', 's3:PutObject'],
        `${arn}/${under}${fleet.name}-????????T??????Z.tar.age`,
        { StringEquals: owned },
      ),
      ...keys.map((each) => {
        const [account, alias] = each.split(/:(?=alias\/)/);
        return alias === undefined
          ? allow(['kms:Encrypt'], each, { StringEquals: bound })
          : allow(['kms:Encrypt'], `${account}:key/*`, {
              StringEquals: bound,
              'ForAnyValue:StringEquals': { 'kms:ResourceAliases': alias },
            });
      }),
    ],
  };
}

function allow(Action: readonly string[], Resource: string, Condition: object): object {
  return { Effect: 'Allow', Action, Resource: [Resource], Condition };
}
