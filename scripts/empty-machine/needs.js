/** What an empty machine needs of the one that it is made on. */
import { isOnPath } from '../on-path.js';

/** Programs, and what each is for. */
const programs = [
  ['apt-get', 'it makes a Debian or Ubuntu from this machine’s package sources'],
  ['perl', 'mmdebstrap, which makes it, is written in Perl'],
  ['unshare', 'it runs in namespaces of its own'],
  ['git', 'it clones this repository'],
];

/** The machine that this runs on. */
export function thisMachine() {
  return { platform: process.platform, uid: process.getuid?.(), has: isOnPath };
}

/** The first thing that is missing, as a sentence, or undefined. */
export function missingFor({ platform, uid, has }) {
  if (platform !== 'linux') return 'an empty machine is made on Linux';
  if (uid !== 0) return 'an empty machine needs root: it is made of mounts and namespaces';
  const missing = programs.find(([name]) => !has(name));
  return missing === undefined ? undefined : `an empty machine needs ${missing[0]}: ${missing[1]}`;
}
