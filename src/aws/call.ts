/** Makes one call to AWS and turns its errors into Problems. */

import { Problem, type ProblemDetails } from '../errors/problem.js';
import type { ProblemCode } from '../errors/table.js';
import { refusedProfile, refusedRole } from './refused-role.js';

/** An answer to HEAD has no body that tells more (S3; observed with SDK 3.1169: such an error is named `Unknown`). */
const deniedHead = 'HTTP 403';

/** By meaning (SDK 3.1169): unmodelled codes have only the base class, and services name the same differently. */
const meanings: readonly {
  readonly code: ProblemCode;
  readonly names: readonly string[];
  readonly next: readonly string[];
}[] = [
  {
    code: 'credentials-missing',
    names: ['CredentialsProviderError'],
    next: [
      'log in (aws sso login), or name a profile (--profile), or export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    ],
  },
  {
    code: 'credentials-expired',
    names: ['RequestExpired', 'ExpiredToken', 'ExpiredTokenException'],
    next: ['renew the credentials (aws sso login, or new session keys)', 'run the same command again to continue'],
  },
  {
    code: 'credentials-invalid',
    names: [
      'UnrecognizedClientException',
      'InvalidSignatureException',
      'AuthFailure',
      'InvalidClientTokenId',
      'SignatureDoesNotMatch',
    ],
    next: ['check AWS_PROFILE, the access keys and this machine’s clock'],
  },
  {
    code: 'access-denied',
    names: ['UnauthorizedOperation', 'AccessDeniedException', 'AccessDenied', deniedHead],
    next: ['grant the identity this permission, or use another profile'],
  },
  {
    code: 'throttled',
    names: [
      'RequestLimitExceeded',
      'ThrottlingException',
      'TooManyRequestsException',
      'Throttling',
      'ThrottledException',
      'RequestThrottled',
      'RequestThrottledException',
      'EC2ThrottledException',
      'SlowDown',
      // Route 53 carries out one change of a zone at a time (API Reference, ChangeResourceRecordSets).
      'PriorRequestNotComplete',
    ],
    next: ['wait a minute and run the same command again', 'use --concurrency 3 to process fewer members in parallel'],
  },
];

const unreachableCodes = ['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'ECONNRESET', 'EAI_AGAIN', 'EHOSTUNREACH'];

interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly code: string;
}

/** The name of an AWS error (`err.name`), or an empty text for anything else. */
export function errorName(thrown: unknown): string {
  return described(thrown).name;
}

/** Whether AWS throttled a call before it did anything. */
export function isThrottled(thrown: unknown): boolean {
  return meaningOf(errorName(thrown))?.code === 'throttled';
}

/** @throws Problem `credentials-*`, `access-denied`, `role-refused`, `throttled`, `network-unreachable` or `aws-failed` */
export async function answerOf<T>(what: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (thrown) {
    throw thrown instanceof Problem ? thrown : awsProblem(what, thrown);
  }
}

/** Like answerOf, but an error with one of these names means that the resource does not exist. */
export async function answerOrMissing<T>(
  what: string,
  missing: (name: string, message: string) => boolean,
  answer: Promise<T>,
): Promise<T | undefined> {
  try {
    return await answer;
  } catch (thrown) {
    const { name, message } = described(thrown);
    if (missing(name, message)) return undefined;
    throw thrown instanceof Problem ? thrown : awsProblem(what, thrown);
  }
}

/**
 * What the SDK's links say of a profile, and what is to be done then (SDK 3.1169: credential-provider-ini, -sso, -login, -process,
 * token-providers; the profile's name is put before by world/real/credentials.ts).
 */
const profileTroubles: readonly {
  readonly says: RegExp;
  readonly code: ProblemCode;
  readonly next: (ofProfile: string, profile: string, message: string) => readonly string[];
}[] = [
  // First: what follows are the words of a program, which may be those of any other trouble.
  {
    says: /credential_process (?:failed|did not return|returned)/,
    code: 'credentials-missing',
    next: (_, profile) => [
      `run the credential_process of profile ${profile} by itself: aws configure get credential_process --profile ${profile}`,
    ],
  },
  {
    says: /requires multi-factor authentication/,
    code: 'credentials-missing',
    next: (_, profile) => [
      'run it on a terminal, without --yes and -o: it asks for the code',
      `or let the AWS CLI ask for it: eval "$(aws configure export-credentials --profile ${profile} --format env)"; unset AWS_PROFILE KARMADA_EKS_PROFILE, and leave --profile out`,
    ],
  },
  {
    says: /began with an MFA code has ended/,
    code: 'credentials-expired',
    next: () => ['run the same command again: it asks for a new code and continues'],
  },
  {
    says: /MultiFactorAuthentication failed/,
    code: 'credentials-missing',
    next: () => ['wait until the device shows another code: each is good for one session'],
  },
  {
    says: /Sso session '.*is missing|its sso_session is missing/,
    code: 'credentials-missing',
    next: (ofProfile) => [`set its SSO session up: aws configure sso${ofProfile}`],
  },
  {
    says: /DurationSeconds/,
    code: 'credentials-missing',
    next: (_, profile) => [
      `lower duration_seconds of profile ${profile}: to what its role allows, and to 3600 where one role is used from another`,
    ],
  },
  {
    says: /is not authorized to perform: sts:AssumeRole/,
    code: 'role-refused',
    next: (_, profile, message) => refusedProfile(profile, message),
  },
  {
    says: /the container gives none/,
    code: 'credentials-missing',
    next: () => ['give the task or the pod a role, or name a profile: --profile'],
  },
  {
    says: /does not exist|could not be found/,
    code: 'credentials-missing',
    next: (_, profile) => [
      'name one of those that there are: --profile, or AWS_PROFILE',
      `or create it: aws configure sso --profile ${profile}`,
    ],
  },
  {
    // SDK 3.1169, credential-provider-login, LoginCredentialsFetcher.
    says: /permission for the 'CreateOAuth2Token' action/,
    code: 'access-denied',
    next: () => ['have the managed policy SignInLocalDevelopmentAccess attached to your identity'],
  },
  {
    says: /aws login|Failed to load token|Please reauthenticate|Token refresh response/,
    code: 'credentials-expired',
    next: (ofProfile) => [`log in again: aws login${ofProfile}`],
  },
  {
    says: /aws sso login|SSO session|SSO Token/i,
    code: 'credentials-expired',
    next: (ofProfile) => [`log in again: aws sso login${ofProfile}`],
  },
];

function profileTrouble(
  name: string,
  message: string,
): { readonly code: ProblemCode; readonly next: readonly string[] } | undefined {
  if (name !== 'CredentialsProviderError') return undefined;
  const found = profileTroubles.find(({ says }) => says.test(message));
  const profile = /\bprofile (?:=|\[|')?([\w.@+-]+?)(?:\]|')?(?::| requires| does| could)/i.exec(message)?.[1];
  if (found === undefined) return undefined;
  const ofProfile = profile === undefined || profile === 'default' ? '' : ` --profile ${profile}`;
  const next = found.next(ofProfile, profile ?? 'default', message);
  const goesOn = next.some((each) => each.startsWith('run the same command again'));
  return { code: found.code, next: goesOn ? next : [...next, 'then run the same command again'] };
}

function awsProblem(what: string, thrown: unknown): Problem {
  const { name, message, code } = described(thrown);
  const details: ProblemDetails = { what: `${what} failed`, why: `${name}: ${message}`, cause: thrown };
  const trouble = profileTrouble(name, message);
  if (trouble !== undefined) return new Problem(trouble.code, { ...details, why: message, next: trouble.next });
  const meaning = meaningOf(name);
  const refused = refusedRole(name, message);
  if (refused !== undefined) return new Problem('role-refused', { ...details, ...refused });
  if (meaning !== undefined) return new Problem(meaning.code, { ...details, next: meaning.next });
  if (name === 'TimeoutError' || unreachableCodes.includes(code)) {
    return new Problem('network-unreachable', {
      ...details,
      next: ['check the network, the proxy and the region name', 'run the same command again to continue'],
    });
  }
  return new Problem('aws-failed', { ...details, next: ['run the same command again'] });
}

function meaningOf(name: string): (typeof meanings)[number] | undefined {
  return meanings.find(({ names }) => names.includes(name));
}

function described(thrown: unknown): Thrown {
  if (typeof thrown !== 'object' || thrown === null) return { name: '', message: String(thrown), code: '' };
  const { name, message, code, $metadata } = thrown as Readonly<Record<string, unknown>> & {
    readonly $metadata?: { readonly httpStatusCode?: unknown };
  };
  const known = name === 'Unknown' ? `HTTP ${String($metadata?.httpStatusCode)}` : text(name);
  return { name: known, message: text(message), code: text(code) };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
