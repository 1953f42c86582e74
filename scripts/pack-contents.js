/** What may be in the package: only these files, no path of the machine that built it, and not more than 10 MB. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shrinkwrapComplaints, shrinkwrapName } from './pack-shrinkwrap.js';

const limitBytes = 10_000_000;

const required = [
  'bin/karmada-eks.js',
  'dist/backup-job.js',
  'dist/help.json',
  'dist/main.js',
  'package.json',
  'README.md',
  'LICENSE',
  'NOTICE',
  shrinkwrapName,
  'THIRD_PARTY_NOTICES.txt',
];
const allowed = [/^dist\/[\w/.-]+\.js$/, /^docs\/[\w/.-]+\.(?:md|json|svg)$/];
const isTest = /(?:^|\/)test\/|\.test\.js$/;

/**
 * What is wrong with the package, one complaint an entry.
 * @param {{ size: number, unpackedSize: number, files: readonly { path: string }[] }} packed what `npm pack --json` says of it
 * @param {string} folder where it was installed
 * @param {readonly string[]} secrets texts that must be in no file: folders and addresses of the machine that built it
 * @returns {string[]}
 */
export function complaintsAbout({ size, unpackedSize, files }, folder, secrets) {
  const paths = files.map(({ path }) => path);
  const foreign = paths.filter(
    (path) => isTest.test(path) || !(required.includes(path) || allowed.some((each) => each.test(path))),
  );
  return [
    ...required.filter((path) => !paths.includes(path)).map((path) => `${path} is missing`),
    ...foreign.map((path) => `${path} does not belong into the package`),
    ...(Math.max(size, unpackedSize) > limitBytes ? [`it has more than ${limitBytes} bytes`] : []),
    ...(paths.includes(shrinkwrapName) ? shrinkwrapComplaints(readFileSync(join(folder, shrinkwrapName), 'utf8')) : []),
    ...paths.flatMap((path) => leaksOf(path, readFileSync(join(folder, path), 'utf8'), secrets)),
  ];
}

/**
 * What npm warns of when it publishes, but for the login, which only the upload needs.
 * @param {string} stderr of `npm publish --dry-run`
 * @returns {string[]}
 */
export function publishWarnings(stderr) {
  return stderr.split('\n').filter((line) => /^npm (?:warn|error)/i.test(line) && !line.includes('logged in'));
}

function leaksOf(path, text, secrets) {
  const found = [...secrets, 'sourceMappingURL='].filter((each) => text.includes(each));
  return found.map((each) => `${path} holds ${each}`);
}
