/** A download's progress as one line with a bar. */
import type { DownloadProgress } from '../../world/download.js';

const cells = 20;
const megabyte = 1_000_000;

/**
 * e.g. `██████████░░░░░░░░░░ 50 % of 34.1 MB`; in steps of 10 %, so that a log without a terminal stays short. If the
 * length is unknown it counts in tens of megabytes.
 */
export function progressLine({ received, total }: DownloadProgress): string {
  if (total === undefined || total === 0) return `${Math.floor(received / (10 * megabyte)) * 10} MB`;
  const tenths = Math.min(10, Math.floor((received / total) * 10));
  const full = (tenths * cells) / 10;
  const bar = '█'.repeat(full) + '░'.repeat(cells - full);
  return `${bar} ${tenths * 10} % of ${(total / megabyte).toFixed(1)} MB`;
}
