/** What the lab needs of a machine, beside what its set-up installs. */
import { isOnPath } from '../../scripts/on-path.js';

/** Programs that the set-up cannot begin without, and what it takes with them. */
const programs = [
  ['python3', 'it is written in Python'],
  ['go', 'it builds Kubernetes, Karmada and eksctl from Go modules'],
  ['apt-get', 'it takes containerd and the like from Debian or Ubuntu'],
];

/** The machine that this runs on. */
export function thisMachine() {
  const { platform, arch } = process;
  return { platform, arch, uid: process.getuid?.(), has: isOnPath };
}

/** The first thing that is missing, as a sentence about the lab, or undefined. */
export function missingFor({ platform, arch, uid, has }) {
  if (platform !== 'linux') return 'the lab runs on Linux';
  if (arch !== 'x64') return 'the lab makes its container images for x86-64';
  if (uid !== 0) return 'the lab needs root: it makes a bridge, mounts and containers';
  const missing = programs.find(([name]) => !has(name));
  return missing === undefined ? undefined : `the lab needs ${missing[0]}: ${missing[1]}`;
}
