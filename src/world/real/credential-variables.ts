/** Which variables name the credentials: one choice, so that this program and all that it runs act in the same account. */
import type { Environment } from '../environment.js';

type Variables = Environment['vars'];

const keys = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_CREDENTIAL_EXPIRATION'] as const;
const webIdentity = ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_ARN', 'AWS_ROLE_SESSION_NAME'] as const;
const profiles = ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE'] as const;

/**
 * Those of this process that the SDK must find as they were chosen. Keys may stay: beside a profile it leaves them alone, and a profile may
 * want them (`credential_source = Environment`).
 */
export const variablesToSet: readonly string[] = [...webIdentity, ...profiles];

/**
 * The variables, with those alone that name the credentials to be used. Where several do, AWS's programs disagree: of keys and a
 * profile the AWS CLI and eksctl take the keys, the SDK for JavaScript the profile (botocore 1.43, credentials.py; aws-sdk-go-v2
 * config 1.32, resolve_credentials.go; SDK 3.1169, credential-provider-node), so that what is checked would not be where things are made.
 * As in the AWS CLI, a profile that was asked for by flag goes before keys, and keys go before a variable that names a profile.
 * @param profile the one that was asked for by flag
 */
export function chosenCredentials(vars: Variables, profile: string | undefined): Variables {
  const inVariable = vars['AWS_PROFILE'] || vars['AWS_DEFAULT_PROFILE'];
  if (profile === undefined && vars['AWS_ACCESS_KEY_ID'] && vars['AWS_SECRET_ACCESS_KEY'])
    return without(vars, [...webIdentity, ...profiles]);
  const named = profile ?? inVariable;
  if (named === undefined || named === '') return without(vars, profiles);
  return { ...without(vars, [...keys, ...webIdentity, ...profiles]), AWS_PROFILE: named };
}

function without(vars: Variables, names: readonly string[]): Variables {
  return Object.fromEntries(Object.entries(vars).filter(([name]) => !names.includes(name)));
}
