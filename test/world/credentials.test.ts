/** Each reason for which a profile gives no credentials is told by itself, through the SDK's own chain. */
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { readCaller } from '../../src/aws/sts.js';
import { redact } from '../../src/logs/redact.js';
import { realAws } from '../../src/world/real/aws.js';
import { realFiles } from '../../src/world/real/disk/files.js';
import { emptyAwsEnvironment } from './aws-environment.js';
import { loopback } from './loopback.js';
import { program, tempFolder } from './temp-folder.js';

beforeEach(emptyAwsEnvironment);

/** The failure of the first call with this profile. */
async function told(config: string, profile?: string) {
  const folder = await tempFolder();
  const path = join(folder, 'config');
  await program(join(folder, 'broken'), 'console.error("vault is sealed"); process.exit(2)');
  await program(
    join(folder, 'talkative'),
    'console.error("aws_secret_access_key = " + "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY; the token could not be found " + "x".repeat(5000)); process.exit(2)',
  );
  await realFiles.write(
    path,
    config
      .replaceAll('BROKEN', `${join(folder, 'broken')} --token hunter2`)
      .replaceAll('TALKATIVE', join(folder, 'talkative')),
  );
  vi.stubEnv('AWS_CONFIG_FILE', path);
  vi.stubEnv('AWS_PROFILE', profile);
  vi.stubEnv('HOME', folder);
  const failure: unknown = await readCaller(realAws({ vars: { AWS_PROFILE: profile } }, redact), 'eu-west-1').catch(
    (thrown) => thrown,
  );
  return failure as { code: string; why: string; next: readonly string[] };
}

const sso =
  'sso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\nsso_account_id = 123456789012\nsso_role_name = Admin\n';

it('a profile that is not there', async () => {
  expect(await told('[profile dev]\nregion = eu-west-1\n[default]\nregion = eu-west-1\n', 'dve')).toMatchObject({
    code: 'credentials-missing',
    why: 'profile dve does not exist; there are default, dev',
    next: [
      'name one of those that there are: --profile, or AWS_PROFILE',
      'or create it: aws configure sso --profile dve',
      'then run the same command again',
    ],
  });
});

it('a profile that wants a code', async () => {
  const config =
    '[profile base]\naws_access_key_id = A\naws_secret_access_key = S\n[profile mfa]\nsource_profile = base\nrole_arn = arn:aws:iam::123456789012:role/admin\nmfa_serial = arn:aws:iam::123456789012:mfa/ann\n';
  expect(await told(config, 'mfa')).toMatchObject({
    code: 'credentials-missing',
    why: 'profile mfa requires multi-factor authentication, and nobody can be asked for the code',
    next: [
      'run it on a terminal, without --yes and -o: it asks for the code',
      'or let the AWS CLI ask for it: eval "$(aws configure export-credentials --profile mfa --format env)"; unset AWS_PROFILE KARMADA_EKS_PROFILE, and leave --profile out',
      'then run the same command again',
    ],
  });
});

it('a session of SSO that has ended, in both forms of configuration', async () => {
  const legacy = await told(`[profile old]\n${sso}`, 'old');
  expect(legacy).toMatchObject({
    code: 'credentials-expired',
    next: ['log in again: aws sso login --profile old', expect.anything()],
  });
  const session = `[sso-session corp]\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\n[profile new]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Admin\n`;
  expect(await told(session, 'new')).toMatchObject({
    code: 'credentials-expired',
    next: ['log in again: aws sso login --profile new', expect.anything()],
  });
});

it('a login that has ended', async () => {
  const config = '[profile person]\nlogin_session = arn:aws:iam::123456789012:user/ann\nregion = eu-west-1\n';
  expect(await told(config, 'person')).toMatchObject({
    code: 'credentials-expired',
    next: ['log in again: aws login --profile person', expect.anything()],
  });
});

it('a credential_process that fails, in its own words and without its arguments', async () => {
  const found = await told('[default]\ncredential_process = BROKEN\n');
  expect(found).toMatchObject({
    code: 'credentials-missing',
    why: 'profile default: credential_process failed: vault is sealed',
  });
  expect(JSON.stringify(found)).not.toContain('hunter2');
});

it('a credential_process that writes a secret, at length, and words of another trouble', async () => {
  const found = await told('[default]\ncredential_process = TALKATIVE\n');
  expect(found).toMatchObject({
    code: 'credentials-missing',
    why: expect.stringMatching(/^profile default: credential_process failed: aws_secret_access_key <hidden>[^A-Z]*x…$/),
    next: [expect.stringContaining('run the credential_process of profile default'), expect.anything()],
  });
  expect(found.why.length).toBeLessThan(600);
});

it('an empty AWS_PROFILE, which means the default one', async () => {
  expect(await told('[profile dev]\nregion = eu-west-1\n', '')).toMatchObject({
    why: 'CredentialsProviderError: Could not load credentials from any providers',
  });
  const found = await told('[default]\ncredential_process = BROKEN\n', '');
  expect(found.why).toBe('profile default: credential_process failed: vault is sealed');
});

it('nothing at all: how to give some', async () => {
  expect(await told('')).toMatchObject({
    code: 'credentials-missing',
    why: 'CredentialsProviderError: Could not load credentials from any providers',
  });
});

it('a profile that is not there, though the machine has a role that would be taken for it', async () => {
  const asked: string[] = [];
  const url = await loopback((request, response) => {
    asked.push(`${request.url}`);
    const answer = { AccessKeyId: 'A', SecretAccessKey: 'S', Token: 'T', Expiration: '2999-01-01T00:00:00Z' };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', url);
  expect(await told('[profile dev]\nregion = eu-west-1\n', 'dve')).toMatchObject({
    code: 'credentials-missing',
    why: 'profile dve does not exist; there are dev',
  });
  expect(asked).toEqual([]);
});
