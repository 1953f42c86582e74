/** The notices of the packages that an installation brings along: each with its version and licence, each licence text once. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.js';

/**
 * The text of THIRD_PARTY_NOTICES.txt, from the lock file and the installed packages.
 * @returns {string}
 */
export function thirdPartyNotices() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const shipped = Object.entries(packages).filter(
    ([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional,
  );
  const holders = new Map();
  for (const [path, { version, license }] of shipped) {
    const title = `${path.split('node_modules/').at(-1)} ${version} (${license})`;
    const text = textsOf(path);
    holders.set(text, [...new Set([...(holders.get(text) ?? []), title])].sort());
  }
  const sections = [...holders].map(([text, titles]) => `${titles.join('\n')}\n\n${text}`).sort();
  return `${[opening(shipped.length), ...sections].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

function opening(count) {
  return `karmada-eks depends on ${count} packages. Their licences, and the notices that come with them, follow.`;
}

/** What a package says of its licence in files of its own; some have none and name it in their package.json only. */
function textsOf(path) {
  const folder = join(root, path);
  const files = readdirSync(folder).filter((name) => /^(?:licen[cs]e|notice|copying)/i.test(name));
  const texts = files.sort().map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim());
  return texts.join('\n\n') || 'The package has no licence file; the licence is the one that its package.json names.';
}
