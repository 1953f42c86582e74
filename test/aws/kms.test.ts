/** Keys that KMS wraps in a rehearsed account: unwrapped with the same key and context alone, and each refusal named. */
import { describe, expect, it } from 'vitest';
import { kmsRegion, makeKms } from '../../src/aws/kms.js';
import { newAccount } from '../../src/rehearsal/account.js';
import { addKmsKey } from '../../src/rehearsal/aws/kms.js';
import type { Fault } from '../../src/rehearsal/faults.js';
import { connect } from '../../src/rehearsal/machine/connect.js';

const secret = Buffer.from('sixteen bytes ok');
const context = { 'karmada-eks/fleet': 'f-1' };

function opened(faults: readonly Fault[] = []) {
  const account = newAccount();
  const arn = addKmsKey(account.state, 'eu-west-1', 'backups');
  const { world, calls } = connect(account, { faults });
  return { account, arn, kms: makeKms(world.aws), calls };
}

describe('a key of KMS', () => {
  it('wraps by its ARN or its alias, in its own region, and unwraps by its ARN', async () => {
    const { kms, arn, calls } = opened();
    const alias = 'arn:aws:kms:eu-west-1:111122223333:alias/backups';
    for (const named of [arn, alias]) {
      const wrapped = await kms.wrap(named, secret, context);
      expect(wrapped.keyArn).toBe(arn);
      expect(Buffer.from(wrapped.bytes).includes(secret)).toBe(false);
      expect(Buffer.from(await kms.unwrap(wrapped, context)).equals(secret)).toBe(true);
    }
    expect(new Set(calls.map(({ key }) => key))).toEqual(
      new Set(['aws kms:Encrypt eu-west-1', 'aws kms:Decrypt eu-west-1']),
    );
  });

  it('does not unwrap for another fleet, by another key, or what was altered', async () => {
    const { account, kms, arn } = opened();
    const wrapped = await kms.wrap(arn, secret, context);
    const other = addKmsKey(account.state, 'eu-west-1', 'other');
    const altered = Uint8Array.from(wrapped.bytes, (byte, at) => (at === wrapped.bytes.length - 1 ? byte ^ 1 : byte));
    await expect(kms.unwrap(wrapped, { 'karmada-eks/fleet': 'f-2' })).rejects.toMatchObject({
      code: 'kms-key-unusable',
      why: expect.stringContaining('altered, or encrypted for something else'),
    });
    await expect(kms.unwrap({ ...wrapped, bytes: altered }, context)).rejects.toMatchObject({
      code: 'kms-key-unusable',
    });
    await expect(kms.unwrap({ ...wrapped, keyArn: other }, context)).rejects.toMatchObject({
      why: expect.stringContaining('encrypted with another key'),
    });
  });

  it.each([
    ['Disabled', 'the key is disabled (DisabledException)'],
    ['PendingDeletion', 'the key is in a state in which it cannot be used (KMSInvalidStateException)'],
  ] as const)('that is %s says so', async (state, why) => {
    const { account, kms, arn } = opened();
    Object.assign(account.state.kmsKeys?.[arn] ?? {}, { state });
    await expect(kms.wrap(arn, secret, context)).rejects.toMatchObject({ code: 'kms-key-unusable', why });
  });

  it('that does not exist, or is not permitted, says so', async () => {
    const denied: Fault = { call: 'aws kms:Encrypt *', kind: 'fail', code: 'AccessDeniedException' };
    const { kms, arn } = opened([denied]);
    await expect(kms.wrap(arn, secret, context)).rejects.toMatchObject({ code: 'access-denied' });
    const elsewhere = arn.replace('eu-west-1', 'us-west-2');
    await expect(kms.wrap(elsewhere, secret, context)).rejects.toMatchObject({
      code: 'kms-key-unusable',
      what: `encrypting with KMS key ${elsewhere} failed`,
      why: 'there is no such key or alias in this account and region (NotFoundException)',
    });
  });
});

it.each([
  ['arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd', 'eu-west-1'],
  ['arn:aws-us-gov:kms:us-gov-west-1:111122223333:alias/team/backups', 'us-gov-west-1'],
  ['arn:aws:s3:::bucket', undefined],
  ['alias/backups', undefined],
  ['arn:aws:kms:eu-west-1:111122223333:key/', undefined],
])('%s is in %s', (arn, region) => {
  expect(kmsRegion(arn)).toBe(region);
});
