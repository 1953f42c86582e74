/** Why the SDK's chain gave no credentials: by itself it passes on only that the last link of it had none. */

import type { Environment } from '../environment.js';

type Variables = Environment['vars'];

/** What the SDK throws, as far as the product reads it: its name and its words (aws/call.ts). */
class CredentialsError extends Error {
  override readonly name = 'CredentialsProviderError';
}

/** The words of a chain that came to its end (SDK 3.1169, credential-provider-node). */
const endOfChain = 'Could not load credentials from any providers';

/** Credentials that a profile gives, or the reason in the words of the one link that it names. */
export type FromProfile = (profile: string) => Promise<unknown>;

/** Takes the secrets out of a text. */
export type Redact = (text: string) => string;

/** In place of the SDK's words for programmers, of a callback that was not provided (SDK 3.1169, credential-provider-ini). */
const unaskable = 'requires multi-factor authentication, and nobody can be asked for the code';

/** A reason takes a line or two; a `credential_process` may write a log. */
const mostLetters = 500;

/**
 * The error with the profile's name and, where the chain lost it, the reason. Besides files, profiles and URLs the links name what
 * `credential_process` wrote to its standard error, which may be anything: it is redacted, and cut.
 * @param profiles the names of all profiles of the user
 */
export async function explainedCredentials(
  thrown: unknown,
  {
    vars,
    profiles,
    fromProfile,
    redact,
  }: { vars: Variables; profiles: () => Promise<readonly string[]>; fromProfile: FromProfile; redact: Redact },
): Promise<unknown> {
  if (!(thrown instanceof Error)) return thrown;
  const ofSts = isRefusedCode(thrown) || isRefusedRole(thrown) || isTooLong(thrown);
  const why = ofSts
    ? thrown.message
    : isWithoutSession(thrown)
      ? 'the section of its sso_session is missing'
      : undefined;
  if (why !== undefined)
    return new CredentialsError(`profile ${askedFor(vars) ?? 'default'}: ${why}`, { cause: thrown });
  if (!['CredentialsProviderError', 'TokenProviderError'].includes(thrown.name)) return thrown;
  const names = await profiles().catch((): readonly string[] => []);
  const profile = askedFor(vars) ?? 'default';
  if (!names.includes(profile)) return ofContainer(vars, thrown) ?? thrown;
  const said = thrown.message === endOfChain ? await reasonOf(() => fromProfile(profile)) : thrown.message;
  // Before a cut could leave a part of a secret that is no longer known by its form.
  const told = inOneLine(redact(said ?? thrown.message));
  const short = told.length > mostLetters ? `${told.slice(0, mostLetters)}…` : told;
  const wantsCode = /requires multi-factor authentication/.test(short);
  return new CredentialsError(`profile ${profile}${wantsCode ? ` ${unaskable}` : `: ${short}`}`, { cause: thrown });
}

/** Whether STS did not accept the code of an MFA device: a wrong one, or one that has begun a session already. */
export function isRefusedCode(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    thrown.name === 'AccessDenied' &&
    thrown.message.includes('MultiFactorAuthentication failed')
  );
}

/** STS's words for a role that may not be assumed; those of the members' roles do not come this way. */
function isRefusedRole({ name, message }: Error): boolean {
  return name === 'AccessDenied' && message.includes('is not authorized to perform: sts:AssumeRole');
}

/** Of a session that is longer than the role allows, or than an hour where one role is used from another (API Reference, AssumeRole). */
function isTooLong({ name, message }: Error): boolean {
  return name === 'ValidationError' && message.includes('DurationSeconds');
}

/** Rejects where a profile was asked for that does not exist. */
export async function refuseMissing({
  vars,
  profiles,
}: {
  readonly vars: Variables;
  readonly profiles: () => Promise<readonly string[]>;
}): Promise<void> {
  const profile = askedFor(vars);
  if (profile === undefined) return;
  const names = await profiles();
  if (!names.includes(profile)) throw new CredentialsError(missing(profile, names));
}

/** An empty one means the default profile (SDK 3.1169, @smithy/core, getProfileName). */
function askedFor(vars: Variables): string | undefined {
  return vars['AWS_PROFILE'] || undefined;
}

/** The SDK reads the section of an SSO session without looking whether it is there (SDK 3.1169, credential-provider-sso, fromSSO). */
function isWithoutSession(thrown: Error): boolean {
  return thrown instanceof TypeError && thrown.message.includes("reading 'sso_region'");
}

/** The chain ends there where a container is to give them, and does not tell that it did not. */
function ofContainer(vars: Variables, thrown: Error): CredentialsError | undefined {
  const named = ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AWS_CONTAINER_CREDENTIALS_FULL_URI'];
  const variable = named.find((each) => vars[each]);
  if (variable === undefined || thrown.message !== endOfChain) return undefined;
  return new CredentialsError(`the container gives none, where ${variable} leads`, { cause: thrown });
}

/** What aws/call.ts knows by its words. */
export function sessionHasEnded(): Error {
  return new CredentialsError('the session that began with an MFA code has ended');
}

function missing(profile: string, names: readonly string[]): string {
  const there = names.length === 0 ? 'there are none' : `there are ${[...names].sort().join(', ')}`;
  return `profile ${profile} does not exist; ${there}`;
}

async function reasonOf(link: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await link();
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : undefined;
  }
}

/** Without the command line, which may hold a secret. */
function inOneLine(message: string): string {
  const told = message.replace(/^Command failed: .*\n?/, 'credential_process failed: ');
  return told.trim().replace(/\s*\n\s*/g, '; ');
}
