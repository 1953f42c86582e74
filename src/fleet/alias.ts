/** Derives a name that Karmada accepts from the name of a cluster elsewhere. */
import { createHash } from 'node:crypto';
import { isMemberName } from './names.js';

/** Karmada's limit for the name of a member (karmada, pkg/apis/cluster/validation). */
const longest = 48;

const hashLength = 8;

/**
 * The member name for `text`: the text itself if it is allowed, otherwise the valid characters of its last part
 * (`arn:…:cluster/Prod_EU` → `prod-eu`) plus a hash of the whole, so that two texts never get the same name. The same
 * text always gets the same name.
 */
export function aliasOf(text: string): string {
  if (isMemberName(text)) return text;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, hashLength);
  const plain = lastPart(text)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, longest - hashLength - 1)
    .replaceAll(/^-+|-+$/g, '');
  return plain === '' ? `member-${hash}` : `${plain}-${hash}`;
}

/** What follows the last slash of an ARN or path; the cluster of `user@cluster`. */
function lastPart(text: string): string {
  return text.split(/[/@]/).findLast((part) => /[a-zA-Z0-9]/.test(part)) ?? '';
}
