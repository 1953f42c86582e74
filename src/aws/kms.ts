/** KMS: wraps small keys with a key that stays in AWS, bound to a context without which they cannot be unwrapped. */
import { DecryptCommand, EncryptCommand } from '@aws-sdk/client-kms';
import { Problem } from '../errors/problem.js';
import type { AwsClients } from '../world/aws.js';
import { answerOf, errorName } from './call.js';

export interface WrappedKey {
  /** Of the key itself, also where an alias was named, which may lead to another key some day. */
  readonly keyArn: string;
  readonly bytes: Uint8Array;
}

/** Names and values that KMS binds to a ciphertext; they are no secrets, and CloudTrail shows them. */
export type KmsContext = Readonly<Record<string, string>>;

/** Of a key's or an alias's ARN; undefined if it is neither. */
export function kmsRegion(arn: string): string | undefined {
  return /^arn:aws[a-z-]*:kms:([a-z]{2,4}(?:-[a-z]+)+-\d{1,2}):\d{12}:(?:key|alias)\/[\w/-]+$/.exec(arn)?.[1];
}

/** The same key in another region, if it is one that may be in several (KMS Developer Guide, multi-Region keys). */
export function replicaIn(region: string, arn: string): string | undefined {
  const [, , , own, , key = ''] = arn.split(':');
  return key.startsWith('key/mrk-') && own !== region ? arn.replace(`:kms:${own}:`, `:kms:${region}:`) : undefined;
}

/** Calls the region that the ARN names. */
export function makeKms(aws: AwsClients) {
  const clientOf = (arn: string) => {
    const region = kmsRegion(arn);
    if (region === undefined) throw new Problem('internal', { what: `${arn} is not the ARN of a KMS key` });
    return aws.kms(region);
  };
  return {
    /**
     * @param arn of the key or of an alias
     * @param bytes at most 4,096 (KMS API Reference, Encrypt)
     * @throws Problem `kms-key-unusable`, or as `answerOf`
     */
    wrap: async (arn: string, bytes: Uint8Array, context: KmsContext): Promise<WrappedKey> => {
      const command = new EncryptCommand({ KeyId: arn, Plaintext: bytes, EncryptionContext: { ...context } });
      const answer = await toldApart('encrypting with', arn, clientOf(arn).send(command));
      return { keyArn: answer.KeyId ?? arn, bytes: answer.CiphertextBlob ?? new Uint8Array() };
    },

    /** @throws Problem `kms-key-unusable`, also for another context or altered bytes, or as `answerOf` */
    unwrap: async ({ keyArn, bytes }: WrappedKey, context: KmsContext): Promise<Uint8Array> => {
      const command = new DecryptCommand({
        KeyId: keyArn,
        CiphertextBlob: bytes,
        EncryptionContext: { ...context },
      });
      const answer = await toldApart('decrypting with', keyArn, clientOf(keyArn).send(command));
      return answer.Plaintext ?? new Uint8Array();
    },
  };
}

export type Kms = ReturnType<typeof makeKms>;

/** What calling again does not help with (KMS API Reference, errors of Encrypt and Decrypt). */
const unusable: Readonly<Record<string, string>> = {
  NotFoundException: 'there is no such key or alias in this account and region',
  DisabledException: 'the key is disabled',
  KMSInvalidStateException: 'the key is in a state in which it cannot be used',
  InvalidKeyUsageException: 'the key is not one that encrypts',
  InvalidCiphertextException: 'what it is to decrypt was altered, or encrypted for something else',
  IncorrectKeyException: 'what it is to decrypt was encrypted with another key',
};

async function toldApart<T>(doing: string, arn: string, answer: Promise<T>): Promise<T> {
  const toldBy = answer.catch((thrown: unknown) => {
    const why = unusable[errorName(thrown)];
    if (why === undefined) throw thrown;
    throw new Problem('kms-key-unusable', {
      what: `${doing} KMS key ${arn} failed`,
      why: `${why} (${errorName(thrown)})`,
      next: [`check its state: aws kms describe-key --key-id ${arn} --region ${kmsRegion(arn)}`],
      cause: thrown,
    });
  });
  return await answerOf(`${doing} KMS key ${arn}`, toldBy);
}
