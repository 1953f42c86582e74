/** What is said of credentials, by how long they last and how they go on. */
import { expect, it } from 'vitest';
import { checkCredentialLife } from '../../src/preflight/credential-life.js';
import type { AwsClients, CredentialLife } from '../../src/world/aws.js';
import type { Clock } from '../../src/world/clock.js';

const minute = 60_000;

async function said(life: Partial<CredentialLife>): Promise<string> {
  const known: CredentialLife = { endsAt: undefined, isSession: true, renewal: 'none', ...life };
  const aws = { credentialLife: async () => known } as Partial<AwsClients> as AwsClients;
  const clock = { now: () => 0 } as Partial<Clock> as Clock;
  const found = await checkCredentialLife({ aws, clock }, { takesMs: 30 * minute, until: 'it is done' });
  const { severity, what, next } = found;
  return [`${severity}: ${what}`, ...(next ?? [])].join('\n');
}

const short = 15 * minute;

it('of keys that do not end, and of sessions that last', async () => {
  expect(await said({ isSession: false })).toBe('ok: the credentials do not report an expiry');
  expect(await said({ endsAt: 31 * minute })).toBe('ok: valid for 31 minutes');
});

it('of what is renewed', async () => {
  expect(await said({ endsAt: short, renewal: 'itself' })).toBe(
    'ok: valid for 15 minutes, and renewed before they end',
  );
  expect(await said({ endsAt: short, renewal: 'itself', renewedUntil: 60 * minute })).toMatch(/^ok/);
});

it('of an SSO session that ends before', async () => {
  const life = { endsAt: 60 * minute, renewal: 'itself', renewedUntil: short } as const;
  expect(await said({ ...life, profile: 'dev' })).toBe(
    'warning: the SSO session of the AWS credentials ends in 15 minutes, possibly before it is done\nbegin a new one first: aws sso login --profile dev',
  );
  expect(await said({ ...life, profile: 'default' })).toMatch(/aws sso login$/);
});

it('of a session that began with an MFA code', async () => {
  expect(await said({ endsAt: short, renewal: 'code', profile: 'admin' })).toMatchInlineSnapshot(`
    "warning: the AWS credentials expire in 15 minutes, possibly before it is done
    go on: if the session ends before, run the same command again; it asks for a new code and continues
    or have longer sessions: set duration_seconds of profile admin, up to what its role allows"
  `);
});

it('of a session in variables, and in a file, with and without an end', async () => {
  expect(await said({ endsAt: short })).toMatchInlineSnapshot(`
    "warning: the AWS credentials expire in 15 minutes, possibly before it is done
    set new session keys, or use a profile, whose credentials are renewed: --profile"
  `);
  expect(await said({})).toMatchInlineSnapshot(`
    "warning: the AWS credentials are a session in AWS_SESSION_TOKEN, which is not renewed; nothing tells when it ends, possibly before it is done
    go on: if it ends before, set new session keys and run the same command again; it continues"
  `);
  expect(await said({ profile: 'saml' })).toMatchInlineSnapshot(`
    "warning: the AWS credentials are a session that stands in profile saml, which is not renewed; nothing tells when it ends, possibly before it is done
    go on: if it ends before, set new session keys and run the same command again; it continues"
  `);
});
