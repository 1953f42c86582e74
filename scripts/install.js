/** Installs the dependencies when they are missing or are not those of the lockfile. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runNpm } from './run.js';

/** Leaves the process with npm's exit code when the installation fails. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  console.log('installing dependencies');
  const code = await runNpm(['ci', '--no-audit', '--no-fund']);
  if (code !== 0) process.exit(code);
}

/** npm leaves in node_modules a list of what it put there; packages of other platforms are not in it. */
function isInstalled() {
  const wanted = packagesOf('package-lock.json');
  const present = packagesOf(join('node_modules', '.package-lock.json'));
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    return present[path] === undefined ? optional === true : present[path].version === version;
  });
}

function packagesOf(lockfile) {
  try {
    return JSON.parse(readFileSync(join(root, lockfile), 'utf8')).packages;
  } catch {
    return {};
  }
}
