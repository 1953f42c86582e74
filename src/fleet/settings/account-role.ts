/** Another account that a member is in, and the role through which the fleet works there. */

import type { AccountRole } from '../../world/place.js';
import { roleArn } from '../role-name.js';

/** As a member's request has them. */
interface Fields {
  readonly account?: string | undefined;
  readonly role?: string | undefined;
  readonly externalId?: string | undefined;
}

/** The name of a role, with its path, or its ARN. */
export const rolePattern = /^(arn:aws[a-z-]*:iam::\d{12}:role\/)?([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/;

/** Undefined: the fleet's own account. `fleet`: its name, after which the sessions are named. */
export function accountRoleOf(
  { account, role, externalId }: Fields,
  { region, fleet }: { readonly region: string; readonly fleet: string },
): AccountRole | undefined {
  if (account === undefined || role === undefined) return undefined;
  const arn = role.startsWith('arn:') ? role : roleArn({ partition: partitionOf(region), account }, role);
  return { id: account, role: arn, externalId, session: `karmada-eks-${fleet}` };
}

/** The fields that say it. */
export function accountRequest(account: AccountRole | undefined): Fields {
  if (account === undefined) return {};
  const { id, role, externalId } = account;
  return { account: id, role, ...(externalId === undefined ? {} : { externalId }) };
}

/** What is wrong with the fields together; undefined: nothing. */
export function wrongAccount({ account, role, externalId }: Fields): string | undefined {
  if (account === undefined && role === undefined && externalId === undefined) return undefined;
  if (role === undefined) return 'another account needs a role of it: role=NAME or its ARN';
  if (account === undefined) return 'a role needs its account: account=123456789012';
  const owner = /^arn:[\w-]+:iam::(\d+):/.exec(role)?.[1];
  return owner === undefined || owner === account ? undefined : `the role is of account ${owner}, not of ${account}`;
}

/** The partition of a region (AWS General Reference, "Amazon Resource Names"). */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
