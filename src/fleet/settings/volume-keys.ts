/** The KMS keys with which EBS encrypts the volumes of nodes and of etcd: at most one for each region of an account, because a key is of one. */
import type { AwsPlace } from '../../world/place.js';

/** The region and the account in the ARN of a key, not of an alias: EBS takes the latter, and a policy cannot name the key by it. */
const keyArn = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):(\d{12}):key\/[\w-]+$/;

/** Undefined for what is no ARN of a key. */
export function placeOfKey(arn: string): { readonly region: string; readonly account: string } | undefined {
  const [, region, account] = keyArn.exec(arn) ?? [];
  return region === undefined || account === undefined ? undefined : { region, account };
}

/** What is asked for, and the accounts that members are in. */
interface Keys {
  readonly kmsKeys: readonly string[];
  readonly members: readonly object[];
}

/**
 * The key of a region; undefined where AWS's own, or the account's default, encrypts. In another account only a key of that one will do;
 * the fleet's own may be of a third account, which shares it, but never of one that a member is in.
 */
export function volumeKeyOf({ kmsKeys, members }: Keys, { region, account }: AwsPlace): string | undefined {
  const inRegion = kmsKeys.filter((arn) => placeOfKey(arn)?.region === region);
  const isOf = (id: string) => (arn: string) => placeOfKey(arn)?.account === id;
  if (account !== undefined) return inRegion.find(isOf(account.id));
  const others = members.flatMap((member) => accountOf(member) ?? []);
  return inRegion.find((arn) => !others.some((id) => isOf(id)(arn)));
}

function accountOf(member: object & { readonly account?: AwsPlace['account'] }): string | undefined {
  return member.account?.id;
}
