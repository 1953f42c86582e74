/** The clients of another account: through its role, against a server on this machine that answers as STS does. */
import { text } from 'node:stream/consumers';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { beforeEach, expect, it, vi } from 'vitest';
import { redact } from '../../src/logs/redact.js';
import { type AwsPlace, ownRegion } from '../../src/world/place.js';
import { realAws } from '../../src/world/real/aws.js';
import { emptyAwsEnvironment, staticCredentials } from './aws-environment.js';
import { loopback } from './loopback.js';

const account = {
  id: '444455556666',
  role: 'arn:aws:iam::444455556666:role/fleets',
  externalId: 'e-1',
  session: 'karmada-eks-demo',
};
const place: AwsPlace = { region: 'eu-west-1', account };

const identity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:sts::444455556666:assumed-role/fleets/karmada-eks-demo</Arn><Account>444455556666</Account><UserId>A</UserId>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;

const denied =
  '<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: arn:aws:iam::111122223333:user/you is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444455556666:role/fleets</Message></Error></ErrorResponse>';

function session(number: number, lastsMs: number): string {
  return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIA${number}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>${new Date(Date.now() + lastsMs).toISOString()}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
}

/** What STS is asked, in order: the action, who signed it, and the parameters. */
interface Asked {
  readonly action: string;
  readonly by: string;
  readonly given: URLSearchParams;
}

async function sts(answer: (asked: Asked, number: number) => string): Promise<readonly Asked[]> {
  const all: Asked[] = [];
  const url = await loopback(async (request, response) => {
    const given = new URLSearchParams(await text(request));
    const by = /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const asked = { action: given.get('Action') ?? '', by, given };
    all.push(asked);
    const body = answer(asked, all.filter(({ action }) => action === asked.action).length);
    response.writeHead(body.startsWith('<Error') ? 403 : 200, { 'content-type': 'text/xml' }).end(body);
  });
  vi.stubEnv('AWS_ENDPOINT_URL_STS', url);
  return all;
}

beforeEach(() => {
  emptyAwsEnvironment();
  staticCredentials();
});

it('calls as the role, which is assumed once for all clients and regions', async () => {
  const all = await sts(({ action }, number) => (action === 'AssumeRole' ? session(number, 3_600_000) : identity));
  const aws = realAws({ vars: {} }, redact);
  const ask = async (where: AwsPlace): Promise<unknown> => await aws.sts(where).send(new GetCallerIdentityCommand({}));
  expect(await ask(place)).toMatchObject({ Account: account.id });
  await ask({ ...place, region: 'us-east-1' });
  expect(all.map(({ action, by }) => `${action} ${by}`)).toEqual([
    'AssumeRole AKIDEXAMPLE',
    'GetCallerIdentity ASIA1',
    'GetCallerIdentity ASIA1',
  ]);
  const { RoleArn, RoleSessionName, ExternalId, DurationSeconds } = Object.fromEntries(all[0]?.given ?? []);
  expect([RoleArn, RoleSessionName, ExternalId, DurationSeconds]).toEqual([
    account.role,
    'karmada-eks-demo',
    'e-1',
    '3600',
  ]);
});

it('leaves the own account to its own credentials', async () => {
  const all = await sts(() => identity);
  await realAws({ vars: {} }, redact).sts(ownRegion('eu-west-1')).send(new GetCallerIdentityCommand({}));
  expect(all.map(({ action, by }) => `${action} ${by}`)).toEqual(['GetCallerIdentity AKIDEXAMPLE']);
});

it('assumes the role again before its session ends', async () => {
  const all = await sts(({ action }, number) =>
    action === 'AssumeRole' ? session(number, number === 1 ? 60_000 : 3_600_000) : identity,
  );
  const client = realAws({ vars: {} }, redact).sts(place);
  await client.send(new GetCallerIdentityCommand({}));
  await vi.waitFor(async () => {
    await client.send(new GetCallerIdentityCommand({}));
    expect(all.at(-1)?.by).toBe('ASIA2');
  });
});

it('signs the token of a cluster as the role, and ends it with the session', async () => {
  await sts((_, number) => session(number, 600_000));
  const { token, expiresAt } = await realAws({ vars: {} }, redact).eksToken(place, 'demo');
  const url = new URL(Buffer.from(token.replace(/^k8s-aws-v1\./, ''), 'base64url').toString());
  expect(url.searchParams.get('X-Amz-Credential')).toMatch(/^ASIA1\//);
  expect(expiresAt).toBeLessThan(Date.now() + 600_001);
});

it('passes on in the words of STS that the role is refused', async () => {
  await sts(({ action }) => (action === 'AssumeRole' ? denied : identity));
  const sending = realAws({ vars: {} }, redact).sts(place).send(new GetCallerIdentityCommand({}));
  await expect(sending).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringMatching(/sts:AssumeRole on resource: arn:aws:iam::444455556666:role\/fleets/),
  });
});
