/** A KMS key as a recipient of age: the stanza names the key and the fleet, and its body is the file's key, encrypted by KMS. */
import type { Identity, Stanza } from 'age-encryption';
import { type Kms, kmsRegion, replicaIn } from '../../aws/kms.js';
import type { Caller } from '../../aws/sts.js';
import { Problem } from '../../errors/problem.js';
import { fleetTag } from '../../fleet/names.js';
import { headOf, kmsType, type Label } from './head.js';

/** The fleet's id is bound to the ciphertext: a policy can allow one fleet's backups alone. */
function contextOf(fleetId: string): Readonly<Record<string, string>> {
  return { [fleetTag]: fleetId };
}

/** @throws Problem `kms-key-unusable`, `access-denied`, or as `answerOf` */
export async function kmsStanza(kms: Kms, arn: string, fleetId: string, fileKey: Uint8Array): Promise<Stanza> {
  const { keyArn, bytes } = await kms.wrap(arn, fileKey, contextOf(fleetId));
  return { args: [kmsType, keyArn, fleetId], body: bytes };
}

/** What opens files with KMS. */
export interface KmsOpener {
  readonly kms: Kms;
  /** Whose credentials they are; `region` is one of the key. */
  readonly caller: (region: string) => Promise<Caller>;
  /** Region in which a multi-Region key is tried first; undefined: only in its own. */
  readonly region: string | undefined;
  /** What was opened before, by what was in the stanza. */
  readonly unwrapped: Map<string, Uint8Array>;
}

/** Whoever wrote the file wrote its head: it must not make the caller's credentials ask for more. */
const mostKeys = 20;

/**
 * Opens what KMS lets the caller open, with keys of the fleet's account or of the caller's. Why it does not is told, and not raised:
 * another recipient may do.
 */
export function kmsIdentity({ kms, caller, region, unwrapped }: KmsOpener, tell: (refused: Problem) => void): Identity {
  const open = async ({ args: [, keyArn = '', fleetId = ''], body }: Stanza, label: Label): Promise<Uint8Array> => {
    const question = `${keyArn} ${fleetId} ${Buffer.from(body).toString('base64')}`;
    const known = unwrapped.get(question);
    if (known !== undefined) return known;
    mustBeMeant(keyArn, fleetId, label, await caller(kmsRegion(keyArn) ?? ''));
    const asked = async (arn: string): Promise<Uint8Array> =>
      await kms.unwrap({ keyArn: arn, bytes: body }, contextOf(fleetId));
    const replica = region === undefined ? undefined : replicaIn(region, keyArn);
    const nearer = replica === undefined ? undefined : await orTold(asked(replica), tell);
    const fileKey = nearer ?? (await asked(keyArn));
    unwrapped.set(question, fileKey);
    return fileKey;
  };
  return {
    unwrapFileKey: async (stanzas) => {
      const { label } = headOf(stanzas);
      const ours = stanzas.filter(({ args: [type, arn = ''] }) => type === kmsType && kmsRegion(arn) !== undefined);
      if (label === undefined) return null;
      for (const stanza of ours.slice(0, mostKeys)) {
        const fileKey = await orTold(open(stanza, label), tell);
        if (fileKey !== null) return fileKey;
      }
      return null;
    },
  };
}

async function orTold(answer: Promise<Uint8Array>, tell: (refused: Problem) => void): Promise<Uint8Array | null> {
  try {
    return await answer;
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown;
    tell(thrown);
    return null;
  }
}

/** @throws Problem `kms-key-unusable` */
function mustBeMeant(keyArn: string, fleetId: string, { fleet }: Label, { account, partition }: Caller): void {
  const [, ofPartition, , , ofAccount = ''] = keyArn.split(':');
  const why =
    fleetId !== fleet.id
      ? `it is named for fleet ${fleetId}, and the backup is of ${fleet.id}`
      : ofPartition !== partition
        ? `it is of another partition than ${partition}`
        : [fleet.account, account].includes(ofAccount)
          ? undefined
          : `it belongs neither to the fleet’s account, ${fleet.account}, nor to yours, ${account}`;
  if (why === undefined) return;
  throw new Problem('kms-key-unusable', {
    what: `KMS key ${keyArn} is not asked to decrypt the backup`,
    why,
    next: ['use another backup'],
  });
}
