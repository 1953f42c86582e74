/** Encrypts a stream for recipients, in the age format; the run that did can still read it back, and nothing else without their keys. */
import type { Encrypter, Recipient } from 'age-encryption';
import { type Kms, kmsRegion } from '../../aws/kms.js';
import { Problem } from '../../errors/problem.js';
import { type Label, labelStanza } from './head.js';
import type { Keys } from './keys.js';
import { kmsStanza } from './kms-stanza.js';
import { type Recipients, sumOf } from './recipients.js';

/** Bytes in, bytes out, none of them held. */
export type Stage = (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

/** How one file is written, and read back by the run that wrote it. */
export interface Sealing {
  /** For one file only. */
  readonly seal: Stage;
  readonly keys: Keys;
}

/** Of a file that is not encrypted. */
export const unsealed: Sealing = { seal: (bytes) => bytes, keys: [] };

/** Each file needs its own. Nothing is read before KMS has agreed. @throws (while sealing) Problem `kms-key-unusable`, or as `answerOf` */
export function sealing(recipients: Recipients, label: Label, kms: Kms): Sealing {
  let fileKey: Uint8Array | undefined;
  const own: Recipient = {
    wrapFileKey: (key) => {
      fileKey = Uint8Array.from(key);
      return [labelStanza(label, sumOf(recipients))];
    },
  };
  return {
    seal: async function* (bytes) {
      const { Encrypter } = await import('age-encryption');
      const encrypter = new Encrypter();
      encrypter.addRecipient(own);
      for (const each of recipients) addRecipient(encrypter, each, label, kms);
      yield* await encrypter.encrypt(ReadableStream.from(bytes));
    },
    keys: [
      () => {
        const known = fileKey;
        if (known === undefined) throw new Problem('internal', { what: 'nothing was sealed' });
        return { unwrapFileKey: () => known };
      },
    ],
  };
}

function addRecipient(encrypter: Encrypter, recipient: string, { fleet }: Label, kms: Kms): void {
  const isKms = kmsRegion(recipient) !== undefined;
  encrypter.addRecipient(
    isKms ? { wrapFileKey: async (key) => [await kmsStanza(kms, recipient, fleet.id, key)] } : recipient,
  );
}
