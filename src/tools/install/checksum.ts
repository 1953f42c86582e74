/** Publishers' checksum files, and whether a file matches them. */
import { Problem } from '../../errors/problem.js';
import type { Release } from './catalogue.js';

/**
 * The SHA-256 that a checksum file gives for a file: `<sha256>  <file>` lines as of sha256sum (`*` before the name
 * marks a binary read), or only the sum, as Kubernetes publishes it. Lower case; undefined if the file is not listed.
 */
export function publishedSum(text: string, file: string): string | undefined {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  const named = lines.filter(([, name]) => name?.replace(/^\*/, '').replace(/^.*\//, '') === file);
  const [bare] = lines.length === 1 || lines.slice(1).every(([word]) => word === '') ? lines : [];
  const sum = (named.length > 0 ? named[0] : bare?.length === 1 ? bare : undefined)?.[0];
  return sum !== undefined && /^[0-9a-f]{64}$/i.test(sum) ? sum.toLowerCase() : undefined;
}

/**
 * The checksum that the file of a release must have.
 * @throws Problem `checksum-mismatch` if the publisher's checksum file does not list the file, or differs from the
 * known checksum
 */
export function expectedSum(release: Release, sums: string): string {
  const { file, sumsFile, known, tool, version } = release;
  const published = publishedSum(sums, file);
  if (published === undefined) {
    throw new Problem('checksum-mismatch', {
      what: `${sumsFile} of ${tool} ${version} has no SHA-256 for ${file}`,
      next: ['try again later, or choose another version'],
    });
  }
  if (known !== undefined && known !== published) {
    throw new Problem('checksum-mismatch', {
      what: `${sumsFile} of ${tool} ${version} has a different SHA-256 for ${file} than karmada-eks expects`,
      why: `expected ${known}, got ${published}: the release may have been replaced`,
      next: ['do not install it; ask the publisher, or choose another version'],
    });
  }
  return published;
}

/** @throws Problem `checksum-mismatch` */
export function checkSum(release: Release, found: string, expected: string): void {
  if (found === expected) return;
  throw new Problem('checksum-mismatch', {
    what: `${release.tool} ${release.version} does not match its publisher’s checksum`,
    why: `SHA-256 of ${release.file}: expected ${expected}, got ${found}`,
    next: [
      'run the same command again to download it again',
      'if it happens again, something on the network path alters the download',
    ],
  });
}
