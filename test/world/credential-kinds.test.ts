/** Every kind of credentials that people have, through the SDK's own chain: taken, how long they last, and in which words they fail. */
import { createHash, generateKeyPairSync } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeEach, expect, it, vi } from 'vitest';
import { readCaller } from '../../src/aws/sts.js';
import { redact } from '../../src/logs/redact.js';
import { realAws } from '../../src/world/real/aws.js';
import { chosenCredentials } from '../../src/world/real/credential-variables.js';
import { realFiles } from '../../src/world/real/disk/files.js';
import { triesMore } from '../lifecycle/cases.js';
import { emptyAwsEnvironment } from './aws-environment.js';
import { loopback } from './loopback.js';
import { tempFolder } from './temp-folder.js';

const hour = 3_600_000;
const inAn = (ms: number): string => new Date(Date.now() + ms).toISOString();

let home = '';
/** What STS refuses to assume a role with; empty: nothing. */
let refusal = '';

/** Who signed each call of GetCallerIdentity, and what else STS was asked for. */
let asked: string[] = [];

beforeEach(async () => {
  emptyAwsEnvironment();
  home = await tempFolder();
  asked = [];
  refusal = '';
  vi.stubEnv('HOME', home);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ENDPOINT_URL_STS', await loopback(sts));
});

const sts: RequestListener = async (request, response) => {
  const { Action, RoleArn = '' } = Object.fromEntries(new URLSearchParams(await text(request)));
  const by = /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? 'nobody';
  asked.push(`${Action} ${RoleArn.split('/').at(-1)} by ${by}`);
  response.setHeader('content-type', 'text/xml');
  if (Action === 'AssumeRole' && refusal !== '') {
    response.writeHead(403).end(`<ErrorResponse><Error>${refusal}</Error></ErrorResponse>`);
    return;
  }
  const keys = `<Credentials><AccessKeyId>ASIA-${RoleArn.split('/').at(-1)}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${inAn(hour)}</Expiration></Credentials>`;
  if (Action !== 'GetCallerIdentity')
    return void response.end(`<${Action}Response><${Action}Result>${keys}</${Action}Result></${Action}Response>`);
  response.end(
    '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/x</Arn><Account>111122223333</Account><UserId>A</UserId></GetCallerIdentityResult></GetCallerIdentityResponse>',
  );
};

/** AWS with these variables and this file, as the program opens it. */
async function open(given: {
  readonly config?: string;
  readonly vars?: Readonly<Record<string, string>>;
  readonly profile?: string;
}) {
  await realFiles.write(join(home, 'config'), given.config ?? '');
  for (const [name, value] of Object.entries(given.vars ?? {})) vi.stubEnv(name, value);
  vi.stubEnv('AWS_CONFIG_FILE', join(home, 'config'));
  const vars = chosenCredentials({ ...process.env }, given.profile);
  for (const name of ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_WEB_IDENTITY_TOKEN_FILE'])
    vi.stubEnv(name, vars[name]);
  return realAws({ vars }, redact);
}

async function failure(given: Parameters<typeof open>[0]) {
  const thrown: unknown = await readCaller(await open(given), 'eu-west-1').catch((each) => each);
  return thrown as { code: string; why: string; next: readonly string[] };
}

const sso = 'sso_account_id = 111122223333\nsso_role_name = Admin\n';
const legacy = `[profile old]\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\n${sso}`;
const modern = `[sso-session corp]\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\n[profile new]\nsso_session = corp\n${sso}`;

async function ssoSession(id: string, token: object): Promise<void> {
  const name = createHash('sha1').update(id).digest('hex');
  await realFiles.write(join(home, '.aws', 'sso', 'cache', `${name}.json`), JSON.stringify(token));
  const roleCredentials = {
    accessKeyId: 'ASIASSO',
    secretAccessKey: 's',
    sessionToken: 't',
    expiration: Date.now() + hour,
  };
  vi.stubEnv(
    'AWS_ENDPOINT_URL_SSO',
    await loopback((_, response) => response.end(JSON.stringify({ roleCredentials }))),
  );
}

it('IAM Identity Center: renewed until its session ends, which is known where nothing prolongs it', async () => {
  await ssoSession('https://x.awsapps.com/start', { accessToken: 'a', expiresAt: inAn(20 * 60_000) });
  const aws = await open({ config: legacy, profile: 'old' });
  await readCaller(aws, 'eu-west-1');
  expect(asked).toEqual(['GetCallerIdentity  by ASIASSO']);
  const { renewal, renewedUntil = 0 } = await aws.credentialLife();
  expect([renewal, Math.round((renewedUntil - Date.now()) / 60_000)]).toEqual(['itself', 20]);
  expect((await aws.forPrograms())['AWS_PROFILE']).toBe('old');
});

it('IAM Identity Center with a session that is prolonged', async () => {
  await ssoSession('corp', { accessToken: 'a', expiresAt: inAn(20 * 60_000), refreshToken: 'r' });
  const aws = await open({ config: modern, profile: 'new' });
  await readCaller(aws, 'eu-west-1');
  expect(await aws.credentialLife()).toMatchObject({ renewal: 'itself', renewedUntil: undefined, profile: 'new' });
});

it('IAM Identity Center without the section that it names', async () => {
  expect(await failure({ config: modern.replace('corp]', 'other]'), profile: 'new' })).toMatchObject({
    code: 'credentials-missing',
    why: 'profile new: the section of its sso_session is missing',
    next: ['set its SSO session up: aws configure sso --profile new', 'then run the same command again'],
  });
});

async function login(expiresAt: string, answer?: object): Promise<string> {
  const arn = 'arn:aws:iam::111122223333:user/ann';
  const dpopKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'sec1', format: 'pem' });
  const accessToken = {
    accessKeyId: 'ASIALOGIN',
    secretAccessKey: 's',
    sessionToken: 't',
    accountId: '111122223333',
    expiresAt,
  };
  const name = createHash('sha256').update(arn).digest('hex');
  await realFiles.write(
    join(home, 'login', `${name}.json`),
    JSON.stringify({ accessToken, clientId: 'c', refreshToken: 'r', dpopKey }),
  );
  vi.stubEnv('AWS_LOGIN_CACHE_DIRECTORY', join(home, 'login'));
  const url = await loopback((_, response) => {
    response.writeHead(answer === undefined ? 500 : 400, {
      'content-type': 'application/json',
      'x-amzn-errortype': 'AccessDeniedException',
    });
    response.end(JSON.stringify(answer ?? {}));
  });
  vi.stubEnv('AWS_ENDPOINT_URL_SIGNIN', url);
  return `[profile person]\nlogin_session = ${arn}\nregion = eu-west-1\n`;
}

it('aws login', async () => {
  const aws = await open({ config: await login(inAn(14 * 60_000)), profile: 'person' });
  await readCaller(aws, 'eu-west-1');
  expect(asked).toEqual(['GetCallerIdentity  by ASIALOGIN']);
  expect(await aws.credentialLife()).toMatchObject({ renewal: 'itself', isSession: true });
});

it.each([
  ['TOKEN_EXPIRED', 'credentials-expired', 'log in again: aws login --profile person'],
  ['USER_CREDENTIALS_CHANGED', 'credentials-expired', 'log in again: aws login --profile person'],
  [
    'INSUFFICIENT_PERMISSIONS',
    'access-denied',
    'have the managed policy SignInLocalDevelopmentAccess attached to your identity',
  ],
])('aws login that is not renewed: %s', async (error, code, next) => {
  const config = await login(inAn(-1000), { error, message: 'no' });
  expect(await failure({ config, profile: 'person' })).toMatchObject({
    code,
    why: expect.stringMatching(/^profile person: (?:Your session has expired|Unable to refresh credentials)/),
    next: [next, 'then run the same command again'],
  });
});

it('role chaining: each role by the one before, and anew before the hour ends that AWS allows', async () => {
  const role = (name: string): string => `role_arn = arn:aws:iam::111122223333:role/${name}\n`;
  const config = `[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = s\n[profile outer]\nsource_profile = base\n${role('outer')}[profile inner]\nsource_profile = outer\n${role('inner')}`;
  const aws = await open({ config, profile: 'inner' });
  await readCaller(aws, 'eu-west-1');
  expect(asked).toEqual([
    'AssumeRole outer by AKIABASE',
    'AssumeRole inner by ASIA-outer',
    'GetCallerIdentity  by ASIA-inner',
  ]);
  expect(await aws.credentialLife()).toMatchObject({ renewal: 'itself', isSession: true });
});

it.each([
  [
    'refused',
    '<Code>AccessDenied</Code><Message>User: arn:aws:iam::111122223333:user/x is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/outer</Message>',
    'role-refused',
    [
      expect.stringContaining('"Principal":{"AWS":"arn:aws:iam::111122223333:user/x"}'),
      'if the role asks for a code or an external ID, give it: mfa_serial or external_id in profile outer',
      expect.stringContaining('"Resource":"arn:aws:iam::111122223333:role/outer"'),
      'then run the same command again',
    ],
  ],
  [
    'wanted for too long',
    '<Code>ValidationError</Code><Message>The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining</Message>',
    'credentials-missing',
    [
      'lower duration_seconds of profile outer: to what its role allows, and to 3600 where one role is used from another',
      'then run the same command again',
    ],
  ],
])('the role of a profile, %s', async (_, refused, code, next) => {
  refusal = refused;
  const config =
    '[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = s\n[profile outer]\nsource_profile = base\nrole_arn = arn:aws:iam::111122223333:role/outer\n';
  expect(await failure({ config, profile: 'outer' })).toMatchObject({
    code,
    why: expect.stringMatching(/^profile outer: /),
    next,
  });
});

it('a role from keys in variables: programs, which do not get these, get the session', async () => {
  const config = '[profile ci]\ncredential_source = Environment\nrole_arn = arn:aws:iam::111122223333:role/ci\n';
  const keys = { AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 's' };
  const aws = await open({ config, profile: 'ci', vars: keys });
  await readCaller(aws, 'eu-west-1');
  expect(asked).toEqual(['AssumeRole ci by AKIAENV', 'GetCallerIdentity  by ASIA-ci']);
  expect(await aws.forPrograms()).toMatchObject({ AWS_ACCESS_KEY_ID: 'ASIA-ci', AWS_SESSION_TOKEN: 't' });
  expect((await aws.forPrograms())['AWS_PROFILE']).toBeUndefined();
});

it('a web identity, as pods and CI have it', async () => {
  await realFiles.write(join(home, 'token'), 'jwt');
  const vars = {
    AWS_WEB_IDENTITY_TOKEN_FILE: join(home, 'token'),
    AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/pod',
  };
  const aws = await open({ vars });
  await readCaller(aws, 'eu-west-1');
  expect(asked).toEqual(['AssumeRoleWithWebIdentity pod by nobody', 'GetCallerIdentity  by ASIA-pod']);
  expect(await aws.credentialLife()).toMatchObject({ renewal: 'itself', isSession: true });
});

const ofMachine = {
  AccessKeyId: 'ASIAMACHINE',
  SecretAccessKey: 's',
  Token: 't',
  Expiration: inAn(hour),
  Code: 'Success',
};

it('a container', async () => {
  const tokens: unknown[] = [];
  const url = await loopback((request, response) => {
    tokens.push(request.headers.authorization);
    response.setHeader('content-type', 'application/json').end(JSON.stringify(ofMachine));
  });
  const aws = await open({
    vars: { AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN: 'pod' },
  });
  await readCaller(aws, 'eu-west-1');
  expect([asked, tokens]).toEqual([['GetCallerIdentity  by ASIAMACHINE'], ['pod']]);
  expect(await aws.credentialLife()).toMatchObject({ renewal: 'itself', isSession: true });
});

it('an instance', async () => {
  const paths: unknown[] = [];
  const url = await loopback((request, response) => {
    paths.push(`${request.method} ${request.url}`);
    const isRole = request.url?.endsWith('/security-credentials/');
    response.end(request.method === 'PUT' ? 'token' : isRole ? 'nodes' : JSON.stringify(ofMachine));
  });
  const aws = await open({ vars: { AWS_EC2_METADATA_DISABLED: 'false', AWS_EC2_METADATA_SERVICE_ENDPOINT: url } });
  await readCaller(aws, 'eu-west-1');
  expect(asked).toEqual(['GetCallerIdentity  by ASIAMACHINE']);
  expect(paths[0]).toBe('PUT /latest/api/token');
  expect(await aws.credentialLife()).toMatchObject({ renewal: 'itself', isSession: true });
});

// The SDK asks for seconds.
it.runIf(triesMore)('a container that gives none', async () => {
  const url = await loopback((_, response) => response.writeHead(404).end('{"message":"no role"}'));
  expect(await failure({ vars: { AWS_CONTAINER_CREDENTIALS_FULL_URI: url } })).toMatchObject({
    code: 'credentials-missing',
    why: 'the container gives none, where AWS_CONTAINER_CREDENTIALS_FULL_URI leads',
    next: ['give the task or the pod a role, or name a profile: --profile', 'then run the same command again'],
  });
});

it('keys of a session in variables, whose end nothing tells', async () => {
  const keys = { AWS_ACCESS_KEY_ID: 'ASIAENV', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 't' };
  const inVariables = await open({ vars: keys });
  expect(await inVariables.credentialLife()).toMatchObject({
    endsAt: undefined,
    isSession: true,
    renewal: 'none',
    profile: undefined,
  });
});

it('keys of a session in a file, whose end nothing tells', async () => {
  const config = '[profile saml]\naws_access_key_id = ASIA\naws_secret_access_key = s\naws_session_token = t\n';
  const inFile = await open({ config, profile: 'saml' });
  expect(await inFile.credentialLife()).toMatchObject({
    endsAt: undefined,
    isSession: true,
    renewal: 'none',
    profile: 'saml',
  });
});

it('keys, which do not end', async () => {
  const aws = await open({ vars: { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 's' } });
  expect(await aws.credentialLife()).toMatchObject({ endsAt: undefined, isSession: false, renewal: 'none' });
});

const roleOf = 'role_arn = arn:aws:iam::111122223333:role/ci\n';

it.each([
  [
    'in a file',
    `[profile saml]\naws_access_key_id = ASIA\naws_secret_access_key = s\naws_session_token = t\n[profile ci]\nsource_profile = saml\n${roleOf}`,
    {},
  ],
  [
    'in variables',
    `[profile ci]\ncredential_source = Environment\n${roleOf}`,
    { AWS_ACCESS_KEY_ID: 'ASIAENV', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 't' },
  ],
])('a role from keys of a session %s, which nothing renews', async (_, config, vars) => {
  const aws = await open({ config, profile: 'ci', vars });
  await readCaller(aws, 'eu-west-1');
  expect(await aws.credentialLife()).toMatchObject({ isSession: true, renewal: 'none', profile: 'ci' });
  expect((await aws.credentialLife()).endsAt).toBeDefined();
});
