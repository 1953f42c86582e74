/** Other Nodes to try the package on: npm has each as a package of its own, one a platform, without install scripts. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Installs the newest Node of a major version.
 * @param {string} major e.g. `22`
 * @param {string} folder an empty one of its own
 * @param {(args: readonly string[], cwd: string) => Promise<unknown>} npm
 * @returns {Promise<string>} the path of the program
 */
export async function installNode(major, folder, npm) {
  const name = `node-${process.platform}-${process.arch}`;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  await npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${major}`], folder);
  return join(folder, 'node_modules', name, 'bin', 'node');
}
