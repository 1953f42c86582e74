/** The program as it is installed, built from the source once per worker: to be run as a process of its own. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inject } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

let built: Promise<string> | undefined;

/** Builds it, once; answers the path of its program. */
export async function builtProgram(): Promise<string> {
  built ??= build();
  return await built;
}

async function build(): Promise<string> {
  const folder = await mkdtemp(join(inject('builtFolder'), 'program-'));
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const project = join(root, 'tsconfig.build.json');
  // Types are checked elsewhere.
  const words = [compiler, '-p', project, '--outDir', join(folder, 'dist'), '--noCheck'];
  await promisify(execFile)(process.execPath, words);
  await cp(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
  await cp(join(root, 'package.json'), join(folder, 'package.json'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  return join(folder, 'bin', 'karmada-eks.js');
}
