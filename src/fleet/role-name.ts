/** Names of IAM roles that fit, and their ARNs. */
import { createHash } from 'node:crypto';

/** A role's name has at most 64 characters and is unique in an account; eksctl's minimum policy wants `eksctl-*`. */
const longest = 64;

/** The name, or where it is too long its beginning and a hash of it. */
export function shortRoleName(name: string): string {
  if (name.length <= longest) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, longest - 9)}-${hash}`;
}

/** Of a role of this account, by its name, with its path if it has one. */
export function roleArn(
  { partition, account }: { readonly partition: string; readonly account: string },
  name: string,
): string {
  return `arn:${partition}:iam::${account}:role/${name}`;
}
