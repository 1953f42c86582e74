/** Which key of KMS encrypts the volumes of Karmada's etcd: the EBS CSI driver needs leave to use a customer's. */
import { defaultVolumeKey } from '../aws/volume-key.js';
import type { Clients } from '../clients/clients.js';
import { ok, unchecked } from '../errors/diagnostic.js';
import { Problem } from '../errors/problem.js';
import type { Fleet } from '../fleet/fleet.js';
import { volumeKeyOf } from '../fleet/volume-keys.js';
import type { Checked } from '../model/facts.js';

/**
 * The requested one, else the account's default, which EBS takes for every encrypted volume that names none, whether or not all
 * volumes are encrypted by default (EC2 API, ModifyEbsDefaultKmsKeyId).
 */
export async function findVolumeKey(clients: Clients, { kmsKeys, parent }: Fleet): Promise<Checked<string>> {
  const asked = volumeKeyOf(kmsKeys, parent.region);
  if (asked !== undefined) return { found: asked, diagnostics: [] };
  try {
    const found = await defaultVolumeKey(clients.world.aws, parent.region);
    const fact = `EBS in ${parent.region} encrypts with ${found ?? 'AWS’s own key'} by default`;
    return { found, diagnostics: [ok(fact)] };
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code !== 'access-denied') throw thrown;
    const what = `whether EBS in ${parent.region} encrypts with a key of the account’s by default`;
    return { found: undefined, diagnostics: [unchecked({ what, why: thrown.why, next: thrown.next })] };
  }
}
