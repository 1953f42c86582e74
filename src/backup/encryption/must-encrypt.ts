/** Whether the keys of recipients encrypt now, before anything depends on it. */
import { type Kms, kmsRegion } from '../../aws/kms.js';
import { kmsStanza } from './kms-stanza.js';
import type { Recipients } from './recipients.js';

/** Has each KMS key encrypt something that is kept nowhere. @throws Problem `kms-key-unusable`, `access-denied`, or as `answerOf` */
export async function mustEncrypt(kms: Kms, recipients: Recipients, fleetId: string): Promise<void> {
  const arns = recipients.filter((each) => kmsRegion(each) !== undefined);
  await Promise.all(arns.map((arn) => kmsStanza(kms, arn, fleetId, new Uint8Array(16))));
}
