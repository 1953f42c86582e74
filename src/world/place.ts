/** Where AWS is asked: in which region, and of which account. */

/** A role of another account, through which that account is used. */
export interface AccountRole {
  /** Twelve digits. */
  readonly id: string;
  /** ARN of the role, which is in that account. */
  readonly role: string;
  /** What the role's trust policy may ask for; no secret (IAM User Guide, "Access to AWS accounts owned by third parties"). */
  readonly externalId?: string | undefined;
  /** Name of its sessions, which that account's CloudTrail shows: 2 to 64 characters of `\w+=,.@-`. */
  readonly session: string;
}

/** A region of the credentials' own account, or of the one that is given. */
export interface AwsPlace {
  readonly region: string;
  readonly account: AccountRole | undefined;
}

/** A region of another account. */
export interface RolePlace extends AwsPlace {
  readonly account: AccountRole;
}

/** A region alone is one of the credentials' own account. */
export type Place = string | AwsPlace;

export function regionIn(place: Place): string {
  return typeof place === 'string' ? place : place.region;
}

/** A region of the credentials' own account. */
export function ownRegion(region: string): AwsPlace {
  return { region, account: undefined };
}

/** Undefined: the credentials' own. */
export function accountIn(place: Place): AccountRole | undefined {
  return typeof place === 'string' ? undefined : place.account;
}

/** As text for messages. */
export function placeName(place: Place): string {
  const account = accountIn(place);
  return account === undefined ? regionIn(place) : `${regionIn(place)} of account ${account.id}`;
}

/** What follows a command for people that asks AWS about something in this place. */
export function asWhom(place: AwsPlace): string {
  return place.account === undefined ? '' : ` (with credentials of account ${place.account.id})`;
}

/** The same text for the same region and account, whatever role is used there. */
export function placeKey(place: Place): string {
  const account = accountIn(place);
  return account === undefined ? regionIn(place) : `${account.id}/${regionIn(place)}`;
}

export function isSamePlace(one: Place, other: Place): boolean {
  return placeKey(one) === placeKey(other);
}

/** Each region of each account once. */
export function differentPlaces(places: readonly AwsPlace[]): readonly AwsPlace[] {
  return [
    ...new Map(places.map(({ region, account }) => [placeKey({ region, account }), { region, account }])).values(),
  ];
}
