/** Real AWS clients: loaded at the first call, cached per place; the same credentials for all of one account. */
import type { AskCode, AwsClients } from '../aws.js';
import type { Environment } from '../environment.js';
import { type AccountRole, accountIn, type Place, type RolePlace, regionIn } from '../place.js';
import type { AssumedCredentials } from './assumed-role.js';
import type { Redact } from './credentials.js';
import { type Credentials, type Identity, ownIdentity, retrying, type Way } from './identity.js';
import { proxyAgent } from './net/proxy.js';

interface Settings extends Way {
  readonly region: string;
  readonly credentials: Credentials;
  readonly maxAttempts: number;
  readonly retryMode: 'standard';
}

interface RealAws extends AwsClients {
  /** A new session of a role; rejects with the error of STS. */
  readonly assume: (place: RolePlace) => Promise<AssumedCredentials>;
  readonly forPrograms: Identity['forPrograms'];
}

/**
 * The clients for the account found by the SDK's own credential chain; nothing is loaded before the first call. `redact`: its errors.
 * `askCode`: undefined where nobody can be asked for the code of an MFA device.
 */
export function realAws({ vars }: Pick<Environment, 'vars'>, redact: Redact, askCode?: AskCode): RealAws {
  silenceNodeWarning();
  const way = once(async () => await wayThrough(vars));
  const identity = ownIdentity({ vars, way, redact, askCode });
  const settingsIn = async (region: string): Promise<Settings> => ({
    region,
    credentials: await identity.credentials(region),
    ...retrying,
    ...(await way()),
  });
  const assumed = memoized(
    ({ region, account }: { readonly region: string; readonly account: AccountRole }) =>
      assumedRole(account, () => settingsIn(region)),
    ({ account }) => JSON.stringify(account),
  );
  const settingsOf = async (place: Place): Promise<Settings> => {
    const [region, account] = [regionIn(place), accountIn(place)];
    const settings = await settingsIn(region);
    return account === undefined ? settings : { ...settings, credentials: await assumed({ region, account }) };
  };
  const perPlace = <C extends Sender>(load: (settings: Settings) => Promise<C>): ((place: Place) => Lazily<C>) =>
    memoized(
      (place) => lazily(async () => await load(await settingsOf(place))),
      (place) => JSON.stringify([regionIn(place), accountIn(place)]),
    );
  return {
    ec2: perPlace(async (settings) => new (await import('@aws-sdk/client-ec2')).EC2Client(settings)),
    eks: perPlace(async (settings) => new (await import('@aws-sdk/client-eks')).EKSClient(settings)),
    sts: perPlace(async (settings) => new (await import('@aws-sdk/client-sts')).STSClient(settings)),
    cloudformation: perPlace(async (settings) => {
      const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
      return new CloudFormationClient(settings);
    }),
    elbv2: perPlace(async (settings) => {
      const { ElasticLoadBalancingV2Client } = await import('@aws-sdk/client-elastic-load-balancing-v2');
      return new ElasticLoadBalancingV2Client(settings);
    }),
    iam: perPlace(async (settings) => new (await import('@aws-sdk/client-iam')).IAMClient(settings)),
    logs: perPlace(async (settings) => {
      const { CloudWatchLogsClient } = await import('@aws-sdk/client-cloudwatch-logs');
      return new CloudWatchLogsClient(settings);
    }),
    servicequotas: perPlace(async (settings) => {
      const { ServiceQuotasClient } = await import('@aws-sdk/client-service-quotas');
      return new ServiceQuotasClient(settings);
    }),
    route53: perPlace(async (settings) => new (await import('@aws-sdk/client-route-53')).Route53Client(settings)),
    s3: perPlace(async (settings) => {
      const { S3Client } = await import('@aws-sdk/client-s3');
      return new S3Client({ ...settings, followRegionRedirects: true });
    }),
    kms: perPlace(async (settings) => new (await import('@aws-sdk/client-kms')).KMSClient(settings)),
    assume: async ({ region, account }) => (await roleSessions(account, () => settingsIn(region)))(),
    credentialLife: identity.life,
    forPrograms: identity.forPrograms,
    eksToken: async (place, cluster) => {
      const [{ STSClient }, { signedToken }, settings] = await Promise.all([
        import('@aws-sdk/client-sts'),
        import('./eks-token.js'),
        settingsOf(place),
      ]);
      return await signedToken(new STSClient(settings), cluster);
    },
  };
}

/** Credentials of a role, which the SDK renews before they end; all clients of the role share them. */
async function assumedRole(account: AccountRole, settingsOf: () => Promise<Settings>): Promise<Credentials> {
  const [{ STSClient }, credentials] = await Promise.all([
    import('@aws-sdk/client-sts'),
    roleSessions(account, settingsOf),
  ]);
  return new STSClient({ ...(await settingsOf()), credentials }).config.credentials;
}

/** Each call takes a new session of the role. */
async function roleSessions(
  account: AccountRole,
  settingsOf: () => Promise<Settings>,
): Promise<() => Promise<AssumedCredentials>> {
  const [{ STSClient }, { assumeRole }, settings] = await Promise.all([
    import('@aws-sdk/client-sts'),
    import('./assumed-role.js'),
    settingsOf(),
  ]);
  const sts = new STSClient(settings);
  return () => assumeRole(sts, account);
}

async function wayThrough(vars: Environment['vars']): Promise<Way> {
  const agent = await proxyAgent(vars, { keepAlive: true });
  return agent === undefined ? {} : { requestHandler: { httpAgent: agent, httpsAgent: agent } };
}

interface Sender {
  readonly send: (...args: never) => unknown;
}

type Lazily<C extends Sender> = Pick<C, 'send'>;

/** A `send` that loads its client when it is first called; the SDK's modules take about a second to load. */
function lazily<C extends Sender>(load: () => Promise<C>): Lazily<C> {
  let client: Promise<C> | undefined;
  const send = async (...args: never): Promise<unknown> => {
    client ??= load();
    return await (await client).send(...args);
  };
  // `send` is overloaded once a command; TypeScript cannot express "the same overloads, awaited".
  return { send } as unknown as Lazily<C>;
}

function once<V>(make: () => V): () => V {
  let made: V | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function memoized<K, V>(make: (of: K) => V, keyOf: (of: K) => string): (of: K) => V {
  const made = new Map<string, V>();
  return (of) => {
    const key = keyOf(of);
    const value = made.get(key) ?? make(of);
    made.set(key, value);
    return value;
  };
}

/** The SDK's notice about old Node versions is for its callers, not for our users; other warnings are kept. */
function silenceNodeWarning(): void {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
}
