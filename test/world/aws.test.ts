/** The real AWS clients, against a server on this machine that answers as STS does. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { redact } from '../../src/logs/redact.js';
import { realAws } from '../../src/world/real/aws.js';
import { realFiles } from '../../src/world/real/disk/files.js';
import { emptyAwsEnvironment, staticCredentials } from './aws-environment.js';
import { loopback } from './loopback.js';
import { program, tempFolder } from './temp-folder.js';

const identity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::123456789012:user/ann</Arn><Account>123456789012</Account><UserId>A</UserId>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;

beforeEach(emptyAwsEnvironment);

it('keeps one client a region', () => {
  const aws = realAws({ vars: {} }, redact);
  expect(aws.ec2('eu-west-1')).toBe(aws.ec2('eu-west-1'));
  expect(aws.ec2('eu-west-1')).not.toBe(aws.ec2('us-east-1'));
});

it('signs for its region and outlasts throttling', async () => {
  staticCredentials();
  const scopes: string[] = [];
  const url = await loopback((request, response) => {
    scopes.push(/Credential=\S+?\/\d+\/([^,]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '');
    const throttled = scopes.length <= 4;
    response.writeHead(throttled ? 503 : 200, { 'content-type': 'text/xml' }).end(throttled ? '' : identity);
  });
  vi.stubEnv('AWS_ENDPOINT_URL_STS', url);
  const answer = await realAws({ vars: {} }, redact).sts('eu-west-1').send(new GetCallerIdentityCommand({}));
  expect(answer.Account).toBe('123456789012');
  expect(scopes).toEqual(Array(5).fill('eu-west-1/sts/aws4_request'));
});

it('passes errors on under their names', async () => {
  staticCredentials();
  const error = '<ErrorResponse><Error><Code>ExpiredToken</Code><Message>old</Message></Error></ErrorResponse>';
  vi.stubEnv('AWS_ENDPOINT_URL_STS', await loopback((_, response) => response.writeHead(403).end(error)));
  const sending = realAws({ vars: {} }, redact).sts('eu-west-1').send(new GetCallerIdentityCommand({}));
  await expect(sending).rejects.toMatchObject({ name: expect.stringMatching(/^ExpiredToken/) });
});

it('says when the credentials end, if they end', async () => {
  staticCredentials();
  expect((await realAws({ vars: {} }, redact).credentialLife()).endsAt).toBeUndefined();
  const end = new Date(Date.now() + 3_600_000);
  vi.stubEnv('AWS_CREDENTIAL_EXPIRATION', end.toISOString());
  expect((await realAws({ vars: {} }, redact).credentialLife()).endsAt).toBe(end.getTime());
});

it('rejects with the name of the SDK when there are no credentials', async () => {
  const aws = realAws({ vars: {} }, redact);
  await expect(aws.credentialLife()).rejects.toMatchObject({ name: 'CredentialsProviderError' });
  const sending = aws.sts('eu-west-1').send(new GetCallerIdentityCommand({}));
  await expect(sending).rejects.toMatchObject({ name: 'CredentialsProviderError' });
});

it('asks a credential process once for all clients', async () => {
  const folder = await tempFolder();
  const script = join(folder, 'credentials');
  const log = join(folder, 'log');
  const answer = { Version: 1, AccessKeyId: 'A', SecretAccessKey: 'S', Expiration: '2999-01-01T00:00:00Z' };
  await program(
    script,
    `require("node:fs").appendFileSync(${JSON.stringify(log)}, "x"); console.log('${JSON.stringify(answer)}')`,
  );
  await realFiles.write(join(folder, 'config'), `[default]\ncredential_process = ${script}\n`);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_ENDPOINT_URL_STS', await loopback((_, response) => response.end(identity)));
  const aws = realAws({ vars: {} }, redact);
  await Promise.all(['eu-west-1', 'us-east-1'].map((each) => aws.sts(each).send(new GetCallerIdentityCommand({}))));
  expect((await aws.credentialLife()).endsAt).toBe(Date.parse(answer.Expiration));
  expect(await realFiles.read(log)).toBe('x');
});

it('has credentials renewed before they end, but for those in variables', async () => {
  const folder = await tempFolder();
  const script = join(folder, 'credentials');
  const expiring = '{ Version: 1, AccessKeyId: "A", SecretAccessKey: "S", Expiration: new Date(Date.now() + 60_000) }';
  const log = join(folder, 'log');
  await program(
    script,
    `require("node:fs").appendFileSync(${JSON.stringify(log)}, "x"); console.log(JSON.stringify(${expiring}))`,
  );
  await realFiles.write(join(folder, 'config'), `[default]\ncredential_process = ${script}\n`);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  const aws = realAws({ vars: {} }, redact);
  expect((await aws.credentialLife()).renewal).toBe('itself');
  await vi.waitFor(async () => {
    await aws.credentialLife();
    expect((await realFiles.read(log))?.length).toBeGreaterThan(1);
  });
  staticCredentials();
  expect((await realAws({ vars: {} }, redact).credentialLife()).renewal).toBe('none');
});

it('loads no SDK module before the first call', async () => {
  const source = await realFiles.read(fileURLToPath(new URL('../../src/world/real/aws.ts', import.meta.url)));
  expect(source).not.toMatch(/^import (?!type).*@aws-sdk/m);
});

describe('a token for EKS', () => {
  /** The signed URL in a token. */
  const urlIn = (token: string): URL =>
    new URL(Buffer.from(token.replace(/^k8s-aws-v1\./, ''), 'base64url').toString());

  it('is what the AWS CLI makes of the same credentials at the same second', async () => {
    staticCredentials();
    vi.stubEnv('AWS_SESSION_TOKEN', 'a/b+c=');
    const now = Date.parse('2026-11-22T12:00:00Z');
    vi.useFakeTimers({ now, toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const { token, expiresAt } = await realAws({ vars: {} }, redact).eksToken('eu-west-1', 'demo');
    expect(token).toMatch(/^k8s-aws-v1\.[\w-]+$/);
    const { origin, pathname, searchParams } = urlIn(token);
    expect(origin + pathname).toBe('https://sts.eu-west-1.amazonaws.com/');
    // aws-cli 1.46.3, its clock stopped.
    expect(Object.fromEntries(searchParams)).toEqual({
      Action: 'GetCallerIdentity',
      Version: '2011-06-15',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKIDEXAMPLE/20261122/eu-west-1/sts/aws4_request',
      'X-Amz-Date': '20261122T120000Z',
      'X-Amz-Expires': '60',
      'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
      'X-Amz-Security-Token': 'a/b+c=',
      'X-Amz-Signature': 'e61fce45d8b7cc3ed16a01ffa9a051ce1c163c1e31e627e4367194e27b2b7da7',
    });
    expect(expiresAt).toBe(now + 14 * 60_000);
  });

  it('names the endpoint that the SDK is reported to ask', async () => {
    staticCredentials();
    vi.stubEnv('AWS_ENDPOINT_URL_STS', 'http://127.0.0.1:5000');
    const { token } = await realAws({ vars: {} }, redact).eksToken('eu-west-1', 'demo');
    expect(urlIn(token).origin).toBe('http://127.0.0.1:5000');
  });

  it('ends with its credentials', async () => {
    staticCredentials();
    const end = Date.now() + 120_000;
    vi.stubEnv('AWS_CREDENTIAL_EXPIRATION', new Date(end).toISOString());
    expect((await realAws({ vars: {} }, redact).eksToken('eu-west-1', 'demo')).expiresAt).toBe(end);
  });

  it('is not made without credentials', async () => {
    const making = realAws({ vars: {} }, redact).eksToken('eu-west-1', 'demo');
    await expect(making).rejects.toMatchObject({ name: 'CredentialsProviderError' });
  });
});
