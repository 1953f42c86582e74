/** A KMS key as a recipient of age: the stanza names the key and the fleet, and its body is the file's key, encrypted by KMS. */
import type { Identity, Stanza } from 'age-encryption';
import { type Kms, kmsRegion } from '../../aws/kms.js';
import { Problem } from '../../errors/problem.js';
import { fleetTag } from '../../fleet/names.js';
import { kmsType } from './head.js';

/** The fleet's id is bound to the ciphertext: a policy can allow one fleet's backups alone. */
function contextOf(fleetId: string): Readonly<Record<string, string>> {
  return { [fleetTag]: fleetId };
}

/** @throws Problem `kms-key-unusable`, `access-denied`, or as `answerOf` */
export async function kmsStanza(kms: Kms, arn: string, fleetId: string, fileKey: Uint8Array): Promise<Stanza> {
  const { keyArn, bytes } = await kms.wrap(arn, fileKey, contextOf(fleetId));
  return { args: [kmsType, keyArn, fleetId], body: bytes };
}

/**
 * Opens what KMS lets the caller open. Why it does not is told, and not raised: another recipient may do.
 * @param unwrapped what was opened before, by what was in the stanza
 */
export function kmsIdentity(kms: Kms, unwrapped: Map<string, Uint8Array>, tell: (refused: Problem) => void): Identity {
  const open = async ({ args: [, keyArn = '', fleetId = ''], body }: Stanza): Promise<Uint8Array | null> => {
    const question = `${keyArn} ${fleetId} ${Buffer.from(body).toString('base64')}`;
    const known = unwrapped.get(question);
    if (known !== undefined) return known;
    try {
      const fileKey = await kms.unwrap({ keyArn, bytes: body }, contextOf(fleetId));
      unwrapped.set(question, fileKey);
      return fileKey;
    } catch (thrown) {
      if (!(thrown instanceof Problem)) throw thrown;
      tell(thrown);
      return null;
    }
  };
  return {
    unwrapFileKey: async (stanzas) => {
      for (const stanza of stanzas) {
        const [type, keyArn = ''] = stanza.args;
        const fileKey = type === kmsType && kmsRegion(keyArn) !== undefined ? await open(stanza) : null;
        if (fileKey !== null) return fileKey;
      }
      return null;
    },
  };
}
