/** Which backups `--keep` deletes: those beyond the newest of a fleet, as far as what they tell of themselves can be believed. */

import { type Recipients, sumOf } from '../encryption/recipients.js';
import type { Manifest } from '../manifest.js';
import { type FoundBackup, isOf, labelOf, namedTime } from './backups.js';

/** A run that waits for consent begins its backup later than its name tells, in ms. */
const longestWait = 900_000;

interface Wanted {
  /** How many of those that are there stay. */
  readonly keep: number;
  /** In ms since the epoch. */
  readonly now: number;
  /** Of the new one; empty: it is not encrypted. */
  readonly encryptTo?: Recipients;
}

/**
 * Those of this fleet and this parent, by name, id, account and region, beyond the newest `keep`. What people have named or copied is theirs. `all` has the newest first.
 * Where the new one is encrypted, the newest of those that others can read, or everybody, stays: nothing has proved yet that its recipients can.
 */
export function surplus(
  all: readonly FoundBackup[],
  { name, ...of }: Manifest['fleet'],
  { keep, now, encryptTo = [] }: Wanted,
): readonly FoundBackup[] {
  const own = all.filter((found) => isOf(found, of) && isCredible(found, name, now));
  const isFor = (found: FoundBackup): boolean => found.sealed?.recipientsSum === sumOf(encryptTo);
  const proved = encryptTo.length === 0 ? undefined : own.find((found) => !isFor(found));
  return own.slice(keep).filter((found) => found !== proved);
}

/** A time that is neither that of the name nor past, or a file that is shorter than what should be in it, tells nothing: such a one takes nobody's place. */
function isCredible(found: FoundBackup, name: string, now: number): boolean {
  const named = namedTime(found.path, name);
  const madeAt = Date.parse(labelOf(found)?.madeAt ?? '');
  if (named === undefined || !(madeAt <= now)) return false;
  // Names have whole seconds.
  const waited = madeAt - named;
  return waited >= 0 && waited <= longestWait && isLongEnough(found);
}

/** Of one that is encrypted nothing tells how long it must be. */
function isLongEnough({ manifest, sizeBytes }: FoundBackup): boolean {
  const sizes = Object.values(manifest?.files ?? {}).map((file) => file.sizeBytes);
  return sizeBytes >= sizes.reduce((sum, each) => sum + each, 0);
}
