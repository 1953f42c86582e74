/** The program as it is installed, built from the source once per worker: to be run as a process of its own. */
import { cp, mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { inject } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const compilerOptions = {
  module: ts.ModuleKind.ESNext,
  target: ts.ScriptTarget.ES2023,
  verbatimModuleSyntax: true,
} as const;

let built: Promise<string> | undefined;

/** Builds it, once; answers the path of its program. */
export async function builtProgram(): Promise<string> {
  built ??= build();
  return await built;
}

async function build(): Promise<string> {
  const folder = await mkdtemp(join(inject('builtFolder'), 'program-'));
  const sources = (await readdir(join(root, 'src'), { recursive: true })).filter((name) => name.endsWith('.ts'));
  await Promise.all(
    sources.map(async (name) => {
      const made = join(folder, 'dist', name.replace(/\.ts$/, '.js'));
      const { outputText } = ts.transpileModule(await readFile(join(root, 'src', name), 'utf8'), { compilerOptions });
      await mkdir(dirname(made), { recursive: true });
      await writeFile(made, outputText);
    }),
  );
  await cp(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
  await cp(join(root, 'package.json'), join(folder, 'package.json'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  return join(folder, 'bin', 'karmada-eks.js');
}
