/** Tells every tenth of what is received or sent, where that is more than a few MB. */
import { mebibytes } from '../errors/counted.js';
import type { Call } from '../tools/run.js';

/** Both sizes in bytes. */
export function tenths({ say }: Call, verb: 'received' | 'uploaded'): (done: number, all: number) => void {
  let told = 0;
  return (done, all) => {
    const tenth = Math.floor((done / all) * 10);
    if (all < 20_000_000 || tenth <= told) return;
    told = tenth;
    say?.(`${verb} ${mebibytes(done)} of ${mebibytes(all)}`);
  };
}
