/** The tokens of EKS clusters: in the form of real ones, with readable claims. */
import type { AccountState, Moment } from '../../state.js';

/** aws-iam-authenticator's prefix. */
const prefix = 'k8s-aws-v1.';

/** What a token proves. */
export interface TokenClaims {
  readonly region: string;
  readonly cluster: string;
  /** ARN of who made it. */
  readonly caller: string;
  /** Until when it is taken. */
  readonly until: Moment;
}

export function makeEksToken(
  { callerArn, now }: Pick<AccountState, 'callerArn' | 'now'>,
  region: string,
  cluster: string,
): { readonly token: string; readonly expiresAt: Moment } {
  // Fifteen minutes, of which the AWS CLI reports fourteen (aws-cli 2.36, get_token.py).
  const claims: TokenClaims = { region, cluster, caller: callerArn, until: now + 15 * 60_000 };
  const token = `${prefix}${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return { token, expiresAt: now + 14 * 60_000 };
}

/** Undefined for what is no token of an EKS cluster. */
export function readEksToken(token: string): TokenClaims | undefined {
  if (!token.startsWith(prefix)) return undefined;
  return JSON.parse(Buffer.from(token.slice(prefix.length), 'base64url').toString()) as TokenClaims;
}
