/** What lies on the disk until a backup is whole, readable by this run alone: its key is never written anywhere. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Stage } from './seal.js';

/** Both ways, of one file. Whether it is what was written, the backup's own sums tell. */
export interface Spool {
  readonly seal: Stage;
  readonly open: Stage;
}

/** Of a file that need not be hidden. */
export const openSpool: Spool = { seal: (bytes) => bytes, open: (bytes) => bytes };

/** Node's own AES is many times as fast as age's library, and no other program has to read it. */
export function hiddenSpool(): Spool {
  const [key, iv] = [randomBytes(32), randomBytes(16)];
  return {
    seal: async function* (bytes) {
      const cipher = createCipheriv('aes-256-ctr', key, iv);
      for await (const piece of bytes) yield cipher.update(piece);
    },
    open: async function* (bytes) {
      const decipher = createDecipheriv('aes-256-ctr', key, iv);
      for await (const piece of bytes) yield decipher.update(piece);
    },
  };
}
