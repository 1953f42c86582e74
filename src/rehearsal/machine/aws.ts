/** The rehearsed AWS clients: take an SDK command object, let the simulated service answer. */
import { Problem } from '../../errors/problem.js';
import type { AwsClients, EksToken } from '../../world/aws.js';
import { type AccountRole, accountIn, type Place, regionIn } from '../../world/place.js';
import { assume, regionKey } from '../account/other-accounts.js';
import { settle } from '../account/settle.js';
import { AwsError, type Service } from '../aws/answer.js';
import { cloudformation } from '../aws/cloudformation.js';
import { ec2 } from '../aws/ec2.js';
import { eks } from '../aws/eks.js';
import { elbv2 } from '../aws/elbv2.js';
import { iam, sts } from '../aws/iam.js';
import { kms } from '../aws/kms.js';
import { logs } from '../aws/logs.js';
import { route53 } from '../aws/route53.js';
import { s3 } from '../aws/s3.js';
import { servicequotas } from '../aws/service-quotas.js';
import { durations } from '../durations.js';
import type { Fault } from '../faults.js';
import { makeEksToken } from '../kube/access/eks-token.js';
import { unsettle } from '../kube/settle.js';
import type { Simulation } from '../simulation.js';
import { credentialsExpired, type ProcessContext } from './process.js';

const services: Readonly<Record<string, Service>> = {
  ec2,
  eks,
  sts,
  cloudformation,
  elbv2,
  iam,
  logs,
  servicequotas,
  route53,
  s3,
  kms,
};

/** Names of errors differ by service (measured with the SDK for JavaScript 3.1169). */
const errorNames: Readonly<Record<string, { readonly expired: string; readonly throttled: string }>> = {
  ec2: { expired: 'RequestExpired', throttled: 'RequestLimitExceeded' },
  eks: { expired: 'ExpiredTokenException', throttled: 'ThrottlingException' },
  sts: { expired: 'ExpiredToken', throttled: 'Throttling' },
  cloudformation: { expired: 'ExpiredToken', throttled: 'Throttling' },
  elbv2: { expired: 'ExpiredToken', throttled: 'Throttling' },
  iam: { expired: 'ExpiredToken', throttled: 'Throttling' },
  logs: { expired: 'ExpiredTokenException', throttled: 'ThrottlingException' },
  servicequotas: { expired: 'ExpiredTokenException', throttled: 'TooManyRequestsException' },
  route53: { expired: 'ExpiredToken', throttled: 'Throttling' },
  s3: { expired: 'ExpiredToken', throttled: 'SlowDown' },
  kms: { expired: 'ExpiredTokenException', throttled: 'ThrottlingException' },
};

/** The SDK gives up on throttling after three tries and 0.75 s (observed). */
const throttledFor = 750;

interface SdkCommand {
  readonly constructor: { readonly name: string };
  readonly input: unknown;
}

/** The AWS port of one process. */
export function rehearsedAws(context: ProcessContext): AwsClients {
  const clientOf =
    (service: string) =>
    <Client>(place: Place): Client =>
      ({
        send: (command: SdkCommand, options?: { readonly abortSignal?: AbortSignal }) =>
          context.life.guard(() => call(context, { service, place, command, signal: options?.abortSignal })),
      }) as Client;
  return {
    ec2: clientOf('ec2'),
    eks: clientOf('eks'),
    sts: clientOf('sts'),
    cloudformation: clientOf('cloudformation'),
    elbv2: clientOf('elbv2'),
    iam: clientOf('iam'),
    logs: clientOf('logs'),
    servicequotas: clientOf('servicequotas'),
    route53: clientOf('route53'),
    s3: clientOf('s3'),
    kms: clientOf('kms'),
    credentialLife: () => context.life.guard(() => context.identity.life()),
    eksToken: (place, cluster) => context.life.guard(() => eksToken(context, place, cluster)),
  };
}

/** Made on this machine, as long as the chain of credentials still gives some. */
async function eksToken(context: ProcessContext, place: Place, cluster: string): Promise<EksToken> {
  const account = accountIn(place);
  await context.identity.begin();
  if (account === undefined && credentialsExpired(context))
    throw new AwsError('CredentialsProviderError', 'the session has expired');
  const { simulation, endsAt } = asAccount(context, account);
  const { now, callerArn } = simulation.state;
  const { token, expiresAt } = makeEksToken({ callerArn, now }, keyOf(place), cluster);
  return { token, expiresAt: Math.min(expiresAt, endsAt ?? expiresAt) };
}

/** Who calls: the account as its role sees it, and until when the credentials last. */
interface Identity {
  readonly simulation: Simulation;
  readonly endsAt: number | undefined;
}

/** The SDK takes new credentials of a role five minutes before the old ones end, with those of the process (SDK 3.1169, core). */
const renewedBefore = 5 * 60_000;
const sessionMs = 60 * 60_000;

function asAccount(context: ProcessContext, account: AccountRole | undefined): Identity {
  if (account === undefined) return { simulation: context.account, endsAt: context.identity.endsAt };
  const { sessions } = context;
  const key = JSON.stringify(account);
  const now = context.account.now();
  if ((sessions.get(key) ?? 0) - renewedBefore <= now) {
    if (credentialsExpired(context)) throw expired('sts');
    assume(context.account, account);
    sessions.set(key, now + sessionMs);
  }
  return { simulation: assume(context.account, account), endsAt: sessions.get(key) };
}

function keyOf(place: Place): string {
  const account = accountIn(place);
  return account === undefined ? regionIn(place) : regionKey(account.id, regionIn(place));
}

interface Call {
  readonly service: string;
  readonly place: Place;
  readonly command: SdkCommand;
  readonly signal: AbortSignal | undefined;
}

/** Names of calls that change nothing. */
const reads = /^(Describe|Get|Head|List|Encrypt|Decrypt)/;

async function call(context: ProcessContext, { service, place, command, signal }: Call): Promise<object> {
  const { account } = context;
  const region = keyOf(place);
  const name = command.constructor.name;
  const key = `aws ${service}:${name.replace(/Command$/, '')} ${region}`;
  const operation = services[service]?.[name];
  if (operation === undefined) {
    throw new Problem('rehearsal-unmodelled', { what: `the rehearsal does not know '${key}'` });
  }
  const fault = context.faults.take(key, account.now());
  if (fault !== undefined) return fail(context, service, fault, signal);
  const role = accountIn(place);
  await context.identity.begin();
  if (role === undefined && credentialsExpired(context)) throw expired(service);
  const { simulation } = asAccount(context, role);
  if (simulation.state.disabledRegions?.includes(regionIn(place))) throw unknownThere(service);
  settle(account);
  const answer = operation({
    simulation,
    regionName: region,
    region: account.region(region),
    input: command.input,
  });
  if (!reads.test(name)) unsettle(account.state);
  return { $metadata: { httpStatusCode: 200, attempts: 1 }, ...answer };
}

async function fail(
  { account, life }: ProcessContext,
  service: string,
  fault: Fault,
  signal: AbortSignal | undefined,
): Promise<never> {
  if (fault.kind === 'expired') throw expired(service);
  if (fault.kind === 'throttle') {
    await account.clock.sleep(throttledFor, life.ended);
    throw new AwsError(
      errorNames[service]?.throttled ?? 'Throttling',
      'Rate exceeded',
      service === 'ec2' ? 503 : 400,
      3,
    );
  }
  if (fault.kind === 'hang') {
    await account.clock.sleep(
      durations.awsSilence,
      signal === undefined ? life.ended : AbortSignal.any([signal, life.ended]),
    );
    throw signal?.aborted
      ? new AwsError('AbortError', 'Request aborted')
      : new AwsError('TimeoutError', 'Connection timed out', 500, 3);
  }
  throw new AwsError(fault.code ?? 'InternalError', fault.message ?? 'An internal error has occurred', 500);
}

/** A region that is not enabled knows no credentials of the account, in each service's own words. */
function unknownThere(service: string): AwsError {
  const text = 'The security token included in the request is invalid.';
  if (service === 'ec2')
    return new AwsError('AuthFailure', 'AWS was not able to validate the provided access credentials', 401);
  return service === 'sts' || service === 'cloudformation' || service === 'elbv2'
    ? new AwsError('InvalidClientTokenId', text, 403)
    : new AwsError('UnrecognizedClientException', text, 403);
}

function expired(service: string): AwsError {
  const name = errorNames[service]?.expired ?? 'ExpiredToken';
  const text = service === 'ec2' ? 'Request has expired.' : 'The security token included in the request is expired';
  return new AwsError(name, text, service === 'ec2' ? 400 : 403);
}
