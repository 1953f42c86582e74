/** The KMS keys with which EBS encrypts the volumes of nodes and of etcd: at most one a region, because a key is of one. */

/** The region in the ARN of a key, not of an alias: EBS takes the latter, and a policy cannot name the key by it. */
const keyArn = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key\/[\w-]+$/;

/** Undefined for what is no ARN of a key. */
export function regionOfKey(arn: string): string | undefined {
  return keyArn.exec(arn)?.[1];
}

/** The key of a region; undefined where AWS's own, or the account's default, encrypts. */
export function volumeKeyOf(keys: readonly string[], region: string): string | undefined {
  return keys.find((arn) => regionOfKey(arn) === region);
}
