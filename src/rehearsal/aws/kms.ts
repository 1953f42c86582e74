/** The simulated KMS: symmetric keys and their aliases, which wrap and unwrap with a context. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type * as Kms from '@aws-sdk/client-kms';
import type { AccountState, KmsKeyState } from '../state.js';
import { type AwsCall, AwsError, operation, type Service } from './answer.js';

export const kms: Service = {
  EncryptCommand: operation((input: Kms.EncryptCommandInput, call) => {
    const { Plaintext = new Uint8Array(), EncryptionContext = {} } = input;
    if (Plaintext.length < 1 || Plaintext.length > 4096)
      throw new AwsError('ValidationException', 'Value at plaintext failed to satisfy constraint');
    const arn = usableKey(call, input.KeyId);
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', secretOf(keyOf(arn)), iv).setAAD(boundTo(EncryptionContext));
    const sealed = Buffer.concat([cipher.update(Plaintext), cipher.final()]);
    const name = Buffer.from(arn);
    const CiphertextBlob = Buffer.concat([Buffer.from([name.length]), name, iv, cipher.getAuthTag(), sealed]);
    return { KeyId: arn, CiphertextBlob, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
  }),

  DecryptCommand: operation((input: Kms.DecryptCommandInput, call) => {
    const blob = Buffer.from(input.CiphertextBlob ?? []);
    const end = 1 + (blob[0] ?? 0);
    const named = blob.subarray(1, end).toString();
    const arn = usableKey(call, input.KeyId ?? named);
    if (keyOf(arn) !== keyOf(named) && isKeyArn(named))
      throw new AwsError('IncorrectKeyException', 'The key ID in the request does not identify a CMK that can decrypt');
    try {
      const decipher = createDecipheriv('aes-256-gcm', secretOf(keyOf(arn)), blob.subarray(end, end + 12))
        .setAuthTag(blob.subarray(end + 12, end + 28))
        .setAAD(boundTo(input.EncryptionContext ?? {}));
      const Plaintext = Buffer.concat([decipher.update(blob.subarray(end + 28)), decipher.final()]);
      return { KeyId: arn, Plaintext, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
    } catch {
      throw new AwsError('InvalidCiphertextException', '');
    }
  }),
};

/** A key for a test, with an alias. Its ARN. */
export function addKmsKey(state: AccountState, region: string, alias: string, key: Partial<KmsKeyState> = {}): string {
  const prefix = `arn:aws:kms:${region}:${state.accountId}`;
  const arn = `${prefix}:key/00000000-0000-4000-8000-${String(state.nextId++).padStart(12, '0')}`;
  state.kmsKeys = { ...state.kmsKeys, [arn]: { state: 'Enabled', aliases: [`${prefix}:alias/${alias}`], ...key } };
  return arn;
}

function isKeyArn(text: string): boolean {
  return text.startsWith('arn:') && text.includes(':key/');
}

/** What all replicas of a multi-Region key have in common, its region left out; the ARN of another one. */
function keyOf(arn: string): string {
  return arn.replace(/^(arn:[^:]+:kms:)[^:]+(:\d+:key\/mrk-)/, '$1$2');
}

/** Its ARN. KMS finds a key only in the region that is called, and refuses one that is not Enabled. */
function usableKey({ simulation, regionName }: AwsCall, id = ''): string {
  const [, , , region] = id.split(':');
  const found = Object.entries(simulation.state.kmsKeys ?? {}).find(
    ([arn, { aliases }]) => region === regionName && (arn === id || aliases.includes(id)),
  );
  if (found === undefined) {
    const what = id.includes(':alias/') ? `Alias ${id} is not found.` : `Key '${id}' does not exist`;
    throw new AwsError('NotFoundException', what);
  }
  const [arn, { state }] = found;
  if (state === 'Disabled') throw new AwsError('DisabledException', `${arn} is disabled.`);
  if (state !== 'Enabled') throw new AwsError('KMSInvalidStateException', `${arn} is pending deletion.`);
  return arn;
}

function secretOf(key: string): Buffer {
  return createHash('sha256').update(`rehearsed ${key}`).digest();
}

/** The order of the pairs does not count. */
function boundTo(context: Readonly<Record<string, string>>): Buffer {
  return Buffer.from(JSON.stringify(Object.entries(context).sort(([one], [other]) => (one < other ? -1 : 1))));
}
