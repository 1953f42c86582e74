/** A download's progress as one line with a bar. */
import type { DownloadProgress } from '../../world/download.js';

const cells = 20;
const megabyte = 1_000_000;

/** In steps of 10 %, so that a log stays short; in tens of megabytes if the length is unknown. */
export function progressLine({ received, total }: DownloadProgress): string {
  if (total === undefined || total === 0) return `${Math.floor(received / (10 * megabyte)) * 10} MB`;
  const tenths = Math.min(10, Math.floor((received / total) * 10));
  const full = (tenths * cells) / 10;
  const bar = '█'.repeat(full) + '░'.repeat(cells - full);
  return `${bar} ${tenths * 10} % of ${(total / megabyte).toFixed(1)} MB`;
}
