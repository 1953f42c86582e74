/** What an encrypted backup tells without a key, in the head of the age format: for whom it is encrypted, and whose it is. */
import type { Stanza } from 'age-encryption';
import { kmsRegion } from '../../aws/kms.js';
import { counted } from '../../errors/counted.js';
import { type Manifest, manifestSchema } from '../manifest.js';

/** Somebody, or something, that can decrypt a file. */
export type SealedFor =
  | { readonly kind: 'age' }
  | { readonly kind: 'passphrase' }
  | { readonly kind: 'kms'; readonly keyArn: string }
  | { readonly kind: 'other'; readonly type: string };

/** What a backup tells of itself; in the head of an encrypted one it is readable by all, and nothing proves it. */
export type Label = Pick<Manifest, 'madeAt' | 'fleet'>;

export interface Head {
  readonly recipients: readonly SealedFor[];
  /** As `sumOf` gives it; undefined: an older version, or something else, encrypted it. */
  readonly recipientsSum?: string | undefined;
  /** Undefined: something else encrypted it. */
  readonly label: Label | undefined;
}

/** Every file in the age format begins so (C2SP, age.md, version 1). */
export const ageMagic = 'age-encryption.org/v1\n';

/** The head of a file that is encrypted for a thousand recipients is shorter. */
export const longestHead = 512 * 1024;

/** Types of stanzas that only karmada-eks knows; others skip them. */
const labelType = 'karmada-eks/backup';
export const kmsType = 'karmada-eks/aws-kms';

/** A stanza that decrypts nothing: it tells whose the backup is. */
export function labelStanza({ madeAt, fleet }: Label, recipientsSum: string): Stanza {
  const { name, id, region, account, parent } = fleet;
  return { args: [labelType, madeAt, name, id, region, account, parent, recipientsSum], body: new Uint8Array() };
}

const labelSchema = manifestSchema.pick({ madeAt: true, fleet: true });

export function headOf(stanzas: readonly Stanza[]): Head {
  const labels = stanzas.filter(({ args }) => args[0] === labelType);
  const [, madeAt, name, id, region, account, parent, recipientsSum] = labels[0]?.args ?? [];
  const label = labelSchema.safeParse({ madeAt, fleet: { name, id, region, account, parent } });
  return {
    recipients: stanzas.flatMap(({ args }) => recipientOf(args)),
    recipientsSum,
    // Two would be somebody's game.
    label: label.success && labels.length === 1 ? label.data : undefined,
  };
}

/** Other implementations add stanzas that mean nothing, so that all learn to skip them; their type ends so (C2SP, age.md). */
const meaningless = /-grease$/;

function recipientOf([type = '', keyArn = '']: readonly string[]): readonly SealedFor[] {
  if (type === labelType || meaningless.test(type)) return [];
  if (type === 'X25519') return [{ kind: 'age' }];
  if (type === 'scrypt') return [{ kind: 'passphrase' }];
  if (type === kmsType && kmsRegion(keyArn) !== undefined) return [{ kind: 'kms', keyArn }];
  return [{ kind: 'other', type: type.slice(0, 60) }];
}

/** e.g. `2 age keys, KMS key arn:…`. */
export function recipientsText(recipients: readonly SealedFor[]): string {
  const age = recipients.filter(({ kind }) => kind === 'age').length;
  const others = recipients.flatMap((each) => {
    if (each.kind === 'kms') return [`KMS key ${each.keyArn}`];
    if (each.kind === 'passphrase') return ['a passphrase'];
    return each.kind === 'other' ? [`a recipient of type ${each.type}`] : [];
  });
  return [...(age === 0 ? [] : [counted(age, 'age key')]), ...others].join(', ');
}
