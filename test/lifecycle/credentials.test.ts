/** Credentials and regions that AWS does not take: what is said of each, before anything is changed. */
import { expect, it } from 'vitest';
import { said } from '../cli/output.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { changes, newMachine, otherRegion, region, smallUp, succeed } from './fleet.js';

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
});
