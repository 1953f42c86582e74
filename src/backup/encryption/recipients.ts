/** For whom a backup is encrypted, as `--encrypt-to` names them. */
import { createHash } from 'node:crypto';
import { kmsRegion } from '../../aws/kms.js';
import { Problem } from '../../errors/problem.js';
import { refuse } from '../../errors/refuse.js';

/** An age recipient, `age1…`, or the ARN of a KMS key or alias. */
export type Recipients = readonly string[];

/** Whether two backups are for the same recipients: the head of the age format does not tell whose an age key is. */
export function sumOf(recipients: Recipients): string {
  return createHash('sha256').update(recipients.toSorted().join('\n')).digest('hex');
}

/** Each once. @throws Problem `invalid-value` */
export async function readRecipients(given: readonly string[]): Promise<Recipients> {
  const texts = [...new Set(given.map((text) => text.trim()))];
  const judged = await Promise.all(texts.map(problemOf));
  refuse(
    judged.filter((each) => each !== undefined),
    'invalid-value',
    'several values of --encrypt-to are invalid',
  );
  return texts;
}

async function problemOf(text: string): Promise<Problem | undefined> {
  if (isSecret(text))
    return new Problem('invalid-value', {
      what: '--encrypt-to: expected a recipient, got an identity, which is secret and is not repeated here',
      next: ['print its recipient: age-keygen -y FILE', 'if others can see what you typed, create a new identity'],
    });
  if (kmsRegion(text) !== undefined || (await isAgeRecipient(text))) return undefined;
  return new Problem('invalid-value', {
    what: `--encrypt-to: expected an age recipient (age1…) or the ARN of a KMS key, got "${text}"`,
    next: ['create an age identity (its recipient is printed): age-keygen -o FILE', 'or: aws kms list-aliases'],
  });
}

/** Not of a plugin and not of SSH. */
async function isAgeRecipient(text: string): Promise<boolean> {
  const { Encrypter } = await import('age-encryption');
  try {
    new Encrypter().addRecipient(text);
    return true;
  } catch {
    return false;
  }
}

export function isSecret(text: string): boolean {
  return /^AGE-(?:SECRET-KEY|PLUGIN)-/i.test(text.trim());
}
