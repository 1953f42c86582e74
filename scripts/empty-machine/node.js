/** Node.js and npm for an empty machine, from npm itself: it has both as packages. */
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { installNode } from '../pack-nodes.js';
import { npm, run } from './run.js';

/** That of Node 20 and 22; it runs on later ones too. */
const npmPackage = 'npm@10';

/**
 * Puts `node`, `npm` and `npx` on the PATH of the machine.
 * @param {string} root
 * @param {string} major of Node.js, e.g. `22`
 * @returns {Promise<string>} the version
 */
export async function putNode(root, major) {
  const node = await installNode(major, join(root, 'opt/node'), npm);
  const own = join(root, 'opt/npm');
  await npm(['install', '--prefix', own, '--ignore-scripts', '--no-audit', '--no-fund', npmPackage], root);
  await symlink(join('/', node.slice(root.length)), join(root, 'usr/local/bin/node'));
  for (const name of ['npm', 'npx'])
    await symlink(`/opt/npm/node_modules/npm/bin/${name}-cli.js`, join(root, 'usr/local/bin', name));
  return run(node, ['--version']);
}
