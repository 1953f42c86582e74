/** Backups in words. */
import { kmsRegion } from '../../../aws/kms.js';
import { recipientsText, type SealedFor } from '../../../backup/encryption/head.js';
import { type FoundBackup, labelOf } from '../../../backup/kept/backups.js';
import type { Taken } from '../../../backup/make-backup.js';
import type { Manifest } from '../../../backup/manifest.js';
import { counted, mebibytes } from '../../../errors/counted.js';

/** e.g. `backup of Karmada 1.18.2: /…/demo-20261128T030000Z.tar (4 MiB, 2 members, 1 policy, revision 6411, SHA-256 0e5f…)`. */
export function takenText({ path, sizeBytes, sha256, manifest, recipients }: Taken): string {
  const contents = manifest === undefined ? sizeText(sizeBytes) : contentsText(manifest, sizeBytes);
  const sealed = recipients.length === 0 ? '' : `, encrypted for ${recipientsText(recipients)}`;
  return `backup of Karmada${manifest?.karmada ? ` ${manifest.karmada}` : ''}: ${path} (${contents}${sealed}, SHA-256 ${sha256})`;
}

/** The same for programs. */
export function takenData({ path, sizeBytes, sha256, manifest, recipients }: Taken): Readonly<Record<string, unknown>> {
  return { path, sizeBytes, sha256, manifest, ...(recipients.length === 0 ? {} : { encryptedFor: recipients }) };
}

/** What reading back cannot prove of a backup that is encrypted: nobody's own key was at hand. */
export function unprovedText(taken: Taken): string | undefined {
  const { path, recipients } = taken;
  if (recipients.length === 0) return undefined;
  const flag = recipients.some(({ kind }) => kind === 'age') ? ' --identity FILE' : '';
  return `the backup was read back with the key of this run, and is whole; to prove that a recipient’s own key opens it too: backup verify ${path}${flag}${regionText(taken)}`;
}

/** A key of KMS in the parent's region is out of reach just when the parent is. A multi-Region key may have a replica elsewhere. */
function regionText({ manifest, recipients }: Taken): string {
  const region = manifest?.fleet.region;
  const isThere = (each: SealedFor): boolean =>
    each.kind === 'kms' && kmsRegion(each.keyArn) === region && !each.keyArn.includes(':key/mrk-');
  if (region === undefined || !recipients.every(isThere)) return '';
  return `; while ${region} is down nobody can decrypt it: add a KMS key of another region, or an age recipient`;
}

export function contentsText({ counts, etcd }: Manifest, sizeBytes: number): string {
  const contents =
    counts === null
      ? ['no inventory: the Karmada API did not respond']
      : [
          counted(counts.clusters, 'member'),
          counted(counts.policies, 'policy', 'policies'),
          counted(counts.works, 'work'),
        ];
  return [sizeText(sizeBytes), ...contents, `revision ${etcd.revision}`].join(', ');
}

/** e.g. `12 KiB`, `4 MiB`. */
export function sizeText(bytes: number): string {
  return bytes < 2 ** 20 ? `${Math.ceil(bytes / 1024)} KiB` : mebibytes(bytes);
}

/** Of which parent each is, e.g. `, of parent one in us-west-2`, where not all are of one, or of another region than the fleet's, if that is known. */
export function parentTexts(all: readonly FoundBackup[], region: string | undefined): (found: FoundBackup) => string {
  const textOf = (found: FoundBackup): string => {
    const of = labelOf(found)?.fleet;
    return of === undefined ? '' : `, of parent ${of.parent} in ${of.region}`;
  };
  const texts = new Set(all.map(textOf).filter((text) => text !== ''));
  const isElsewhere = region !== undefined && all.some((each) => (labelOf(each)?.fleet.region ?? region) !== region);
  return texts.size > 1 || isElsewhere ? textOf : () => '';
}
