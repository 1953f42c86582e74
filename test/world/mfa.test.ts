/** A profile whose role wants an MFA code, through the SDK's own chain, against a server on this machine that answers as STS does. */
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { beforeEach, expect, it, vi } from 'vitest';
import { readCaller } from '../../src/aws/sts.js';
import { Problem } from '../../src/errors/problem.js';
import { redact } from '../../src/logs/redact.js';
import type { AskCode, CodeQuestion } from '../../src/world/aws.js';
import { realAws } from '../../src/world/real/aws.js';
import { realFiles } from '../../src/world/real/disk/files.js';
import { emptyAwsEnvironment } from './aws-environment.js';
import { loopback } from './loopback.js';
import { tempFolder } from './temp-folder.js';

const device = 'arn:aws:iam::111122223333:mfa/ann';
const config = `[profile base]
aws_access_key_id = AKIABASE
aws_secret_access_key = s
[profile admin]
source_profile = base
role_arn = arn:aws:iam::111122223333:role/admin
mfa_serial = ${device}
duration_seconds = 7200
[profile chained]
source_profile = admin
role_arn = arn:aws:iam::111122223333:role/inner
`;

const identity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:sts::111122223333:assumed-role/admin/x</Arn><Account>111122223333</Account><UserId>A</UserId>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;
const refused =
  '<ErrorResponse><Error><Code>AccessDenied</Code><Message>MultiFactorAuthentication failed with invalid MFA one time pass code. </Message></Error></ErrorResponse>';

/** What STS is asked for, in order. */
let asked: Readonly<Record<string, string>>[] = [];

beforeEach(async () => {
  emptyAwsEnvironment();
  asked = [];
  const folder = await tempFolder();
  await realFiles.write(join(folder, 'config'), config);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_REGION', 'eu-west-1');
});

/** AWS for a profile; sessions last so long, and only code 111111 is accepted. */
async function open(profile: string, codes: readonly string[] | undefined, lastsMs = 7_200_000) {
  const url = await loopback(async (request, response) => {
    const given = Object.fromEntries(new URLSearchParams(await text(request)));
    asked.push(given);
    const isWrong = 'TokenCode' in given && given['TokenCode'] !== '111111';
    response.writeHead(isWrong ? 403 : 200, { 'content-type': 'text/xml' });
    response.end(given['Action'] === 'AssumeRole' ? (isWrong ? refused : session(lastsMs)) : identity);
  });
  vi.stubEnv('AWS_ENDPOINT_URL_STS', url);
  vi.stubEnv('AWS_PROFILE', profile);
  const questions: CodeQuestion[] = [];
  const askCode: AskCode = async (question) => {
    questions.push(question);
    return codes?.[questions.length - 1] ?? '000000';
  };
  const vars = { AWS_PROFILE: profile, AWS_REGION: 'eu-west-1', HOME: '/h' };
  return { aws: realAws({ vars }, redact, codes && askCode), questions, vars };
}

function session(lastsMs: number): string {
  return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>${new Date(Date.now() + lastsMs).toISOString()}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
}

it('asks once for all clients, for as long a session as the profile says', async () => {
  const { aws, questions } = await open('admin', ['111111']);
  await Promise.all(['eu-west-1', 'us-east-1'].map((each) => aws.sts(each).send(new GetCallerIdentityCommand({}))));
  expect(questions).toEqual([{ device, profile: 'admin', isAgain: false }]);
  const assumed = asked.filter(({ Action }) => Action === 'AssumeRole');
  expect(assumed).toMatchObject([{ SerialNumber: device, TokenCode: '111111', DurationSeconds: '7200' }]);
  expect(await aws.credentialLife()).toMatchObject({ renewal: 'code', isSession: true, profile: 'admin' });
});

it('gives programs the session, in variables and without the profile, which would ask again', async () => {
  const { aws, questions } = await open('admin', ['111111']);
  expect(await aws.forPrograms()).toEqual({
    AWS_REGION: 'eu-west-1',
    HOME: '/h',
    AWS_ACCESS_KEY_ID: 'ASIA',
    AWS_SECRET_ACCESS_KEY: 's',
    AWS_SESSION_TOKEN: 't',
    AWS_CREDENTIAL_EXPIRATION: expect.stringMatching(/^20/),
  });
  await aws.forPrograms();
  expect(questions).toHaveLength(1);
});

it('leaves other profiles to the programs, which take them themselves and anew', async () => {
  const { aws, vars } = await open('base', ['111111']);
  expect(await aws.forPrograms()).toBe(vars);
  expect(asked).toEqual([]);
});

it('asks for the profile that another one takes its credentials from', async () => {
  const { aws, questions } = await open('chained', ['111111']);
  await readCaller(aws, 'eu-west-1');
  expect(questions).toMatchObject([{ device }]);
  expect(asked.map(({ RoleArn }) => RoleArn?.split('/').at(-1))).toEqual(['admin', 'inner', undefined]);
  expect(await aws.forPrograms()).toMatchObject({ AWS_ACCESS_KEY_ID: 'ASIA' });
});

it('asks again for a code that was refused, and gives up after three', async () => {
  const { aws, questions } = await open('admin', ['000000', '111111']);
  await readCaller(aws, 'eu-west-1');
  expect(questions.map(({ isAgain }) => isAgain)).toEqual([false, true]);
  const other = await open('admin', []);
  await expect(readCaller(other.aws, 'eu-west-1')).rejects.toMatchObject({
    code: 'credentials-missing',
    why: 'profile admin: MultiFactorAuthentication failed with invalid MFA one time pass code. ',
    next: ['wait until the device shows another code: each is good for one session', 'then run the same command again'],
  });
  expect(other.questions).toHaveLength(3);
});

it('does not ask again in the middle of a run: it says that the next one does', async () => {
  const { aws, questions } = await open('admin', ['111111', '111111'], 800);
  await readCaller(aws, 'eu-west-1');
  await vi.waitFor(
    async () =>
      await expect(readCaller(aws, 'eu-west-1')).rejects.toMatchObject({
        code: 'credentials-expired',
        why: 'profile admin: the session that began with an MFA code has ended',
        next: ['run the same command again: it asks for a new code and continues'],
      }),
    { timeout: 10_000, interval: 100 },
  );
  expect(questions).toHaveLength(1);
});

it('leaves it at that when the user leaves the question', async () => {
  const { vars } = await open('admin', undefined);
  let count = 0;
  const aws = realAws({ vars }, redact, async () => {
    count += 1;
    throw new Problem('interrupted', { what: 'cancelled at the prompt' });
  });
  await expect(readCaller(aws, 'eu-west-1')).rejects.toMatchObject({ code: 'interrupted' });
  await expect(readCaller(aws, 'us-east-1')).rejects.toMatchObject({ code: 'interrupted' });
  expect([count, asked]).toEqual([1, []]);
});
