/** Backups in words. */
import type { Manifest } from '../../../backup/manifest.js';
import type { Taken } from '../../../backup/take-backup.js';
import { counted, mebibytes } from '../../../errors/counted.js';

/** e.g. `backup of Karmada 1.18.2: /…/demo-20261128T030000Z.tar (4 MiB, 2 members, 1 policy, revision 6411)`. */
export function takenText({ path, sizeBytes, manifest }: Taken): string {
  return `backup of Karmada${manifest.karmada === null ? '' : ` ${manifest.karmada}`}: ${path} (${contentsText(manifest, sizeBytes)})`;
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
