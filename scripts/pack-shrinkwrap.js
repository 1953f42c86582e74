/** The lock that goes into the package: who installs karmada-eks gets the very packages that it was tested with. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.js';

/** npm's own name for it; in a working folder it would be taken instead of package-lock.json, so it is there while packing only. */
export const shrinkwrapName = 'npm-shrinkwrap.json';

/**
 * The text of npm-shrinkwrap.json: package-lock.json without what is for development, and without addresses, so that the
 * packages come from the registry of whoever installs them; their checksums stay.
 * @returns {string}
 */
export function shrinkwrap() {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const shipped = Object.entries(lock.packages).filter(([, { dev, devOptional }]) => !dev && !devOptional);
  const packages = shipped.map(([path, { resolved, devDependencies, ...rest }]) => [path, rest]);
  return `${JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, undefined, 2)}\n`;
}

/**
 * What is wrong with such a text, one complaint an entry.
 * @param {string} text
 * @returns {string[]}
 */
export function shrinkwrapComplaints(text) {
  const { packages } = JSON.parse(text);
  const all = Object.entries(packages).filter(([path]) => path !== '');
  const complaints = all.flatMap(([path, each]) => [
    ...(each.dev || each.devOptional ? [`${path} is for development only`] : []),
    ...(each.resolved === undefined ? [] : [`${path} names where it is downloaded`]),
    ...(each.integrity === undefined ? [`${path} has no checksum`] : []),
  ]);
  return [...(all.length === 0 ? ['it lists no package'] : []), ...complaints].map(
    (each) => `${shrinkwrapName}: ${each}`,
  );
}
