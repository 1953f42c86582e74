/** The credentials of this process: taken once for all clients, from where its variables and files say. */
import type { Agent } from 'node:http';
import type { STSClient } from '@aws-sdk/client-sts';
import type { AskCode, CredentialLife } from '../aws.js';
import type { Environment } from '../environment.js';
import { allProfiles, deviceFor, endOfSso, hasFixedSource, isForThisProcess } from './aws-profiles.js';
import { explainedCredentials, isRefusedCode, type Redact, refuseMissing, sessionHasEnded } from './credentials.js';

type Variables = Environment['vars'];

/** As the SDK's clients take them. */
export type Credentials = STSClient['config']['credentials'];

/** Settings of a client that calls through the proxy; empty if there is none. */
export interface Way {
  readonly requestHandler?: { readonly httpAgent: Agent; readonly httpsAgent: Agent };
}

/**
 * Five attempts outlast a hiccup of AWS or of the network; the SDK's default of three ends after 0.75 s (measured with
 * SDK 3.1169). Longer throttling is handled in `aws/back-off.ts`.
 */
export const retrying = { maxAttempts: 5, retryMode: 'standard' } as const;

export interface IdentityOptions {
  readonly vars: Variables;
  readonly way: () => Promise<Way>;
  readonly redact: Redact;
  /** Undefined where nobody can be asked. */
  readonly askCode: AskCode | undefined;
}

export interface Identity {
  /** The first caller's region is used if the chain needs one. */
  readonly credentials: (region: string | undefined) => Promise<Credentials>;
  readonly life: () => Promise<CredentialLife>;
  /** The variables of programs: where they could not take the credentials themselves, with those of the session that was taken here. */
  readonly forPrograms: () => Promise<Variables>;
}

/**
 * One provider for all clients, because some chains (SSO, `credential_process`, an MFA code) are slow or ask the user, and each client
 * would otherwise walk its own.
 */
export function ownIdentity(options: IdentityOptions): Identity {
  const { vars } = options;
  const region = vars['AWS_REGION'] ?? vars['AWS_DEFAULT_REGION'];
  const profile = vars['AWS_PROFILE'] || 'default';
  let shared: Promise<Credentials> | undefined;
  const credentials: Identity['credentials'] = (first) => {
    shared ??= load(first, options);
    return shared;
  };
  const taken = async (): ReturnType<Credentials> => await (await credentials(region))();
  return {
    credentials,
    life: async () => {
      const { expiration, sessionToken, ...rest } = await taken();
      const inVariables = isFrom(rest, 'CREDENTIALS_ENV_VARS');
      const profiles = inVariables ? {} : await allProfiles();
      const isFixed = inVariables || isFrom(rest, 'CREDENTIALS_PROFILE') || hasFixedSource(profiles, profile);
      return {
        endsAt: expiration?.getTime(),
        isSession: sessionToken !== undefined,
        renewal: isFixed ? 'none' : deviceFor(profiles, profile) === undefined ? 'itself' : 'code',
        renewedUntil: await endOfSso(profiles, profile),
        profile: inVariables ? undefined : profile,
      };
    },
    forPrograms: async () => {
      const areInVariables = Boolean(vars['AWS_ACCESS_KEY_ID']);
      if (areInVariables || !isForThisProcess(await allProfiles(), profile)) return vars;
      const { accessKeyId, secretAccessKey, sessionToken, expiration } = await taken();
      const { AWS_PROFILE: _, ...others } = vars;
      return {
        ...others,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
        AWS_CREDENTIAL_EXPIRATION: expiration?.toISOString(),
      };
    },
  };
}

/** As the SDK marks where it took them from (SDK 3.1169, credential-provider-env and -ini). */
function isFrom(taken: object, feature: string): boolean {
  const source = '$source' in taken ? taken.$source : undefined;
  return typeof source === 'object' && source !== null && feature in source;
}

async function load(region: string | undefined, { vars, way, redact, askCode }: IdentityOptions): Promise<Credentials> {
  const [{ STSClient }, { defaultProvider }, clientConfig] = await Promise.all([
    import('@aws-sdk/client-sts'),
    import('@aws-sdk/credential-provider-node'),
    way(),
  ]);
  const codes = askCode && codesOf(askCode, vars['AWS_PROFILE'] || 'default');
  return new STSClient({
    ...retrying,
    ...(region === undefined ? {} : { region }),
    ...clientConfig,
    // The SSO clients inherit only the settings passed here.
    credentialDefaultProvider: (init: object) => {
      const mfa = codes && { mfaCodeProvider: codes.next };
      const chain = defaultProvider({ ...init, ...mfa, clientConfig, logger: silent });
      return async (...given: Parameters<typeof chain>) => {
        // The chain would go on to what a container or an instance gives to everybody on it.
        await refuseMissing({ vars, profiles: namesOfProfiles });
        for (;;) {
          try {
            const found = await chain(...given);
            codes?.accept();
            return found;
          } catch (thrown) {
            if (codes?.mayAskAgain(thrown)) continue;
            throw await whyNone({ vars, redact }, thrown, clientConfig);
          }
        }
      };
    },
  }).config.credentials;
}

/** The chain warns of a pair of keys beside a profile, which is what was asked for by flag. */
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** So often a code may be mistyped, or already be used: each is good for one session. */
const mostCodes = 3;

interface Codes {
  /** Asks for the code of a device. Rejects once a session was begun with one, and again as it did before. */
  readonly next: (device: string) => Promise<string>;
  readonly accept: () => void;
  readonly mayAskAgain: (thrown: unknown) => boolean;
}

/**
 * One session for a run: a question in the middle of it would stand there unseen, and all that runs would fail meanwhile; the next run
 * goes on with a new session.
 */
function codesOf(askCode: AskCode, profile: string): Codes {
  let asked = 0;
  let isBegun = false;
  let refusal: Promise<string> | undefined;
  return {
    next: async (device) => {
      if (isBegun) throw sessionHasEnded();
      if (refusal !== undefined) return await refusal;
      asked += 1;
      const answer = askCode({ device, profile, isAgain: asked > 1 });
      answer.catch(() => {
        refusal = answer;
      });
      return await answer;
    },
    accept: () => {
      isBegun = asked > 0;
    },
    mayAskAgain: (thrown) => asked > 0 && asked < mostCodes && isRefusedCode(thrown),
  };
}

/** Loaded only when there are no credentials. */
async function whyNone(
  given: { readonly vars: Variables; readonly redact: Redact },
  thrown: unknown,
  clientConfig: Way,
): Promise<unknown> {
  const { fromIni } = await import('@aws-sdk/credential-provider-ini');
  const fromProfile = async (profile: string): Promise<unknown> => await fromIni({ profile, clientConfig })();
  return await explainedCredentials(thrown, { ...given, profiles: namesOfProfiles, fromProfile });
}

async function namesOfProfiles(): Promise<readonly string[]> {
  return Object.keys(await allProfiles());
}
