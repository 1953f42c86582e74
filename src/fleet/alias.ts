/** Makes a name that Karmada takes out of whatever a cluster is called elsewhere. */
import { createHash } from 'node:crypto';
import { isMemberName } from './names.js';

/** Karmada's limit for the name of a member (karmada, pkg/apis/cluster/validation). */
const longest = 48;

const hashLength = 8;

/**
 * The name for a member that is called `text`: the text itself where that is allowed, else what is left of its last part
 * (`arn:…:cluster/Prod_EU` → `prod-eu`) with a hash of the whole, so that two texts never get one name.
 * The same text always gets the same name.
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

/** Of an ARN or a path what follows the last slash; of `user@cluster` the cluster. */
function lastPart(text: string): string {
  return text.split(/[/@]/).findLast((part) => /[a-zA-Z0-9]/.test(part)) ?? '';
}
