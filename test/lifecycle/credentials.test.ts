/** Credentials and regions that AWS does not take: what is said of each, before anything is changed. */
import { expect, it } from 'vitest';
import { restore } from '../../src/rehearsal/account.js';
import { said } from '../cli/output.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { changes, down, newMachine, otherRegion, region, smallUp, succeed } from './fleet.js';
import { madeFleet } from './small-fleet.js';

const plan = smallUp.replace('up', 'plan').replace(' --yes', '');

it('a region that is not enabled, of the parent', async () => {
  const account = newMachine();
  account.state.disabledRegions = [region];
  const refused = await cli(account, smallUp);
  expect(said(refused)).toMatchInlineSnapshot(`
    "✖ region us-west-2 is not enabled in account 111122223333
      why:  AWS accepts the credentials in us-east-1, and not there
      next: 1. enable it, which takes some minutes: aws account enable-region --region-name us-west-2 (console: Account, AWS Regions)
            2. or choose another region
      code: region-not-enabled
    exit 3"
  `);
  expect(changes(refused)).toEqual([]);
  expect((await cli(account, plan)).code).toBe(3);
});

it('a region that is not enabled, of a member', async () => {
  const account = newMachine();
  account.state.disabledRegions = [otherRegion];
  const words = `${smallUp} --member name=far,region=${otherRegion}`;
  const refused = await cli(account, words);
  expect(said(refused)).toContain(`region ${otherRegion} is not enabled in account 111122223333`);
  expect(changes(refused)).toEqual([]);
  const doctor = await cli(account, words.replace('up', 'doctor').replace(' --yes', ''));
  expect(doctor.stdout).toContain(`region ${otherRegion} is not enabled in account 111122223333`);
});

it('keys that are wrong everywhere', async () => {
  const fault = { call: 'aws sts:GetCallerIdentity *', kind: 'fail', times: -1, code: 'InvalidClientTokenId' } as const;
  const refused = await cli(newMachine(), plan, { faults: [fault] });
  expect(said(refused)).toContain('code: credentials-invalid');
  expect(said(refused)).toContain('check AWS_PROFILE, the access keys and this machine’s clock');
});

it('a session of SSO that has ended', async () => {
  const fault = {
    call: 'aws sts:GetCallerIdentity *',
    kind: 'fail',
    times: -1,
    code: 'CredentialsProviderError',
    message:
      "profile dev: Token is expired. To refresh this SSO session run 'aws sso login' with the corresponding profile.",
  } as const;
  expect(said(await cli(newMachine(), plan, { faults: [fault] }))).toMatchInlineSnapshot(`
    "✖ identifying your AWS credentials (sts:GetCallerIdentity) failed
      why:  profile dev: Token is expired. To refresh this SSO session run 'aws sso login' with the corresponding profile.
      next: 1. log in again: aws sso login --profile dev
            2. then run the same command again
      code: credentials-expired
    exit 3"
  `);
});

it.runIf(triesMore)(
  'that last a quarter of an hour and are renewed carry a run of 40 minutes, without a warning',
  async () => {
    const account = newMachine();
    const began = account.now();
    const ended = await succeed(account, `${smallUp} --member name=three --concurrency 1`, {
      credentialsLifeMs: 15 * 60_000,
    });
    expect(account.now() - began).toBeGreaterThan(40 * 60_000);
    expect(ended.stderr).not.toContain('credentials expire');
  },
);

it('that are renewed are no warning; those in variables are, with what to do', async () => {
  const renewed = await cli(newMachine(), plan, { credentialsLifeMs: 15 * 60_000 });
  expect([renewed.code, renewed.stderr]).toEqual([0, expect.not.stringContaining('credentials')]);
  const account = newMachine();
  const fixed = await cli(account, plan, { credentialsExpireAt: account.now() + 15 * 60_000 });
  expect(fixed.stderr).toContain('warning: the AWS credentials expire in 15 minutes, possibly before the fleet is up');
});

it('of a profile: the clusters’ kubeconfigs name it, and so does every command that is shown', async () => {
  const account = newMachine();
  const ended = await succeed(account, `${smallUp} --profile ops`);
  const kubeconfigs = Object.entries(account.state.files).filter(([, text]) => text.includes('get-token'));
  expect(kubeconfigs.length).toBeGreaterThan(1);
  for (const [path, text] of kubeconfigs) expect(text, path).toMatch(/AWS_PROFILE\W+value\W+ops\b/);
  const shown = `${ended.stdout}\n${ended.stderr}`.match(/karmada-eks (?:up|status|down|demo|kubeconfig)\b.*/g) ?? [];
  expect(shown.length).toBeGreaterThan(2);
  for (const command of shown) expect(command).toContain('--profile ops');
  const missing = await cli(account, `tools install --only nothing`);
  expect(missing.stderr).not.toContain('--profile');
  // Keys of a session, in a shell without the profile.
  await succeed(account, 'status');
  await succeed(account, 'kubeconfig --merge');
  for (const [path, text] of kubeconfigs) expect(account.state.files[path], path).toBe(text);
});

const device = 'arn:aws:iam::111122223333:mfa/ann';
const profiles = { ops: {}, admin: { mfa: { device, codes: ['111111', '222222'] } } };

it('of a profile that does not exist: those that there are', async () => {
  expect(said(await cli(newMachine(), `${plan} --profile adnim`, { profiles }))).toMatchInlineSnapshot(`
    "✖ identifying your AWS credentials (sts:GetCallerIdentity) failed
      why:  profile adnim does not exist; there are admin, ops
      next: 1. name one of those that there are: --profile, or AWS_PROFILE
            2. or create it: aws configure sso --profile adnim
            3. then run the same command again
      code: credentials-missing
    exit 3"
  `);
});

it('that want an MFA code: without a terminal how to get on without one', async () => {
  const refused = await cli(newMachine(), `${smallUp} --profile admin`, { profiles });
  expect(said(refused)).toMatchInlineSnapshot(`
    "✖ identifying your AWS credentials (sts:GetCallerIdentity) failed
      why:  profile admin requires multi-factor authentication, and nobody can be asked for the code
      next: 1. run it on a terminal, without --yes and -o: it asks for the code
            2. or let the AWS CLI ask for it: eval "$(aws configure export-credentials --profile admin --format env)"; unset AWS_PROFILE KARMADA_EKS_PROFILE, and leave --profile out
            3. then run the same command again
      code: credentials-missing
    exit 3"
  `);
  expect(changes(refused)).toEqual([]);
  for (const words of [
    `${plan} -o json --profile admin`,
    `${smallUp} --profile admin`,
    `${plan} --json --profile admin`,
  ])
    expect((await cli(newMachine(), words, { profiles, columns: 80 })).code).toBe(3);
});

it('that want an MFA code: on a terminal it is asked for once, and again if it was refused', async () => {
  const account = newMachine();
  const ended = await cli(account, `${plan} --profile admin`, {
    profiles,
    answers: [
      ['MFA code of', '000000\r'],
      ['MFA code of', '111111\r'],
    ],
  });
  expect(ended.code).toBe(0);
  expect(ended.stderr).toContain(`MFA code of ${device} for profile admin?`);
  expect(ended.stderr.split('AWS did not accept that code')).toHaveLength(2);
  expect(ended.stderr).not.toContain('the AWS credentials');
  const again = await cli(account, `${plan} --profile admin`, {
    profiles,
    answers: [
      ['MFA code of', '111111\r'],
      ['MFA code of', '333333\r'],
      ['MFA code of', '444444\r'],
    ],
  });
  expect([again.code, again.stderr]).toEqual([3, expect.stringContaining('wait until the device shows another code')]);
});

it.runIf(triesMore)(
  'that want an MFA code: the session serves the tools too; one that ends before the run is said, and the next run goes on',
  async () => {
    const account = newMachine();
    const words = `${smallUp.replace(' --yes', '')} --member name=three --member name=four --concurrency 1 --profile admin`;
    const first = await cli(account, words, {
      profiles,
      answers: [
        ['MFA code of', '111111\r'],
        ['Proceed', 'y\r'],
      ],
    });
    expect(first.stderr).toMatch(/the AWS credentials expire in \d+ minutes, possibly before it is done/);
    expect(first.code).not.toBe(0);
    expect(first.stderr).toContain('code: credentials-expired');
    const second = await cli(account, words, {
      profiles,
      answers: [
        ['MFA code of', '222222\r'],
        ['Proceed', 'y\r'],
      ],
    });
    expect(second.code).toBe(0);
  },
);

it.runIf(triesMore)('that end too early are said by every command that changes something', async () => {
  const account = restore(await madeFleet());
  const credentialsExpireAt = account.now() + 5 * 60_000;
  const ended = await cli(account, down, { credentialsExpireAt });
  expect(ended.stderr).toMatch(/^warning: the AWS credentials expire in \d minutes, possibly before it is done$/m);
});

it.runIf(triesMore)(
  'of an SSO session that ends in the middle: the tools get none, and the run goes on after a login',
  async () => {
    const account = newMachine();
    const sso = { old: { ssoEndsAt: account.now() + 10 * 60_000 } };
    const words = `${smallUp} --profile old`;
    const first = await cli(account, words, { profiles: sso });
    expect(first.stderr).toContain('begin a new one first: aws sso login --profile old');
    expect(first.code).not.toBe(0);
    await account.clock.sleep(3_600_000);
    const late = await cli(account, words, { profiles: sso });
    expect(said(late)).toContain('log in again: aws sso login --profile old');
    expect(changes(late)).toEqual([]);
    expect((await cli(account, words, { profiles: { old: {} } })).code).toBe(0);
  },
);

it('of an SSO session that ends too early', async () => {
  const account = newMachine();
  const sso = { old: { ssoEndsAt: account.now() + 10 * 60_000 } };
  const { stderr } = await cli(account, `${plan} --profile old`, { profiles: sso });
  expect(stderr).toContain('warning: the SSO session of the AWS credentials ends in 10 minutes, possibly before');
});
