/** The KMS keys for which backups are encrypted: for this fleet's backups, and nothing else that the keys protect. */
import { kmsRegion } from '../aws/kms.js';
import type { Recipients } from '../backup/encryption/recipients.js';
import type { Fleet } from '../fleet/fleet.js';
import { fleetTag } from '../fleet/names.js';
import { allConditions, allow, type Conditions, type Statement } from './statement.js';

/**
 * An alias is no resource of these actions: the keys that have it are allowed, also where a backup names the key itself
 * (KMS Developer Guide, `kms:ResourceAliases` and `kms:EncryptionContext:context-key`).
 */
export function backupKeyStatements({ id }: Fleet, recipients: Recipients): readonly Statement[] {
  const bound: Conditions = { StringEquals: { [`kms:EncryptionContext:${fleetTag}`]: [id] } };
  const arns = recipients.filter((each) => kmsRegion(each) !== undefined);
  const keys = arns.filter((arn) => arn.includes(':key/'));
  const aliases = arns.filter((arn) => !keys.includes(arn));
  return [
    ...(keys.length === 0 ? [] : [allow('BackupKeys', actions, keys, bound)]),
    ...aliases.map((arn, index) => {
      const [account, alias = ''] = arn.split(/:(?=alias\/)/);
      const has: Conditions = { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': [alias] } };
      return allow(`BackupAlias${index + 1}`, actions, `${account}:key/*`, allConditions(bound, has));
    }),
  ];
}

const actions = ['kms:Decrypt', 'kms:Encrypt'];
