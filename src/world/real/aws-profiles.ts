/** What the profiles of the user's AWS configuration tell of the credentials that they lead to. */

/** A profile's settings, by name, as the SDK reads them. */
type Profile = Readonly<Record<string, string | undefined>>;

/** By their names. */
export type Profiles = Readonly<Record<string, Profile>>;

/** Of both files; what both have of a profile is merged, as the SDK does. */
export async function allProfiles(): Promise<Profiles> {
  const { parseKnownFiles } = await import('@smithy/core/config');
  const sections = await parseKnownFiles({}).catch((): Profiles => ({}));
  // Sections of other kinds have a dot or a space after the kind.
  return Object.fromEntries(Object.entries(sections).filter(([name]) => !/^(sso-session|services)[. ]/.test(name)));
}

/** The profile, and those whose credentials it uses, one after another. */
function chainOf(profiles: Profiles, name: string): readonly Profile[] {
  const chain: Profile[] = [];
  const seen = new Set<string>();
  for (
    let next: string | undefined = name;
    next !== undefined && !seen.has(next);
    next = profiles[next]?.['source_profile']
  ) {
    seen.add(next);
    const profile = profiles[next];
    if (profile !== undefined) chain.push(profile);
  }
  return chain;
}

/** The MFA device whose code begins its session; undefined where none is needed. */
export function deviceFor(profiles: Profiles, name: string): string | undefined {
  return chainOf(profiles, name).find(({ role_arn, mfa_serial }) => role_arn && mfa_serial)?.['mfa_serial'];
}

/**
 * Whether what the profile's role is taken with cannot be renewed: keys of a session that stand in a file, or keys in variables, of
 * which programs get one session.
 */
export function hasFixedSource(profiles: Profiles, name: string): boolean {
  const source = chainOf(profiles, name).at(-1);
  return source?.['aws_session_token'] !== undefined || source?.['credential_source'] === 'Environment';
}

/** Whether programs that this process runs could not take its credentials: they would ask for a code, or want keys that they do not get. */
export function isForThisProcess(profiles: Profiles, name: string): boolean {
  const takesKeys = chainOf(profiles, name).some(({ credential_source }) => credential_source === 'Environment');
  return takesKeys || deviceFor(profiles, name) !== undefined;
}

/**
 * When the SSO session ends from which the profile's credentials are taken anew, in ms since the epoch; undefined where there is none,
 * or where it is prolonged by itself: that of an `sso-session` has a token for that (SDK 3.1169, token-providers, `fromSso`).
 */
export async function endOfSso(profiles: Profiles, name: string): Promise<number | undefined> {
  const found = chainOf(profiles, name).find(({ sso_session, sso_start_url }) => sso_session ?? sso_start_url);
  const id = found?.['sso_session'] ?? found?.['sso_start_url'];
  if (id === undefined) return undefined;
  const { getSSOTokenFromFile } = await import('@smithy/core/config');
  const token: unknown = await getSSOTokenFromFile(id).catch(() => undefined);
  if (typeof token !== 'object' || token === null || !('expiresAt' in token) || 'refreshToken' in token)
    return undefined;
  const endsAt = Date.parse(String(token.expiresAt));
  return Number.isNaN(endsAt) ? undefined : endsAt;
}
