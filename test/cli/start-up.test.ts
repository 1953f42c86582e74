/** What a start loads: help, version and completion are to be there at once, so everything heavy is loaded when it is used. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const source = new URL('../../src/', import.meta.url);

/** The packages and files that a file of the source loads with itself, the files from `src/`. */
async function loadedWith(entry: string): Promise<{ readonly packages: string[]; readonly files: string[] }> {
  const packages = new Set<string>();
  const files = new Set<string>();
  const visit = async (url: URL): Promise<void> => {
    if (files.has(url.href)) return;
    files.add(url.href);
    for (const specifier of staticImports(await readFile(url, 'utf8'))) {
      if (specifier.startsWith('.')) await visit(new URL(specifier.replace(/\.js$/, '.ts'), url));
      else if (!specifier.startsWith('node:')) packages.add(specifier);
    }
  };
  await visit(new URL(entry, source));
  return { packages: [...packages], files: [...files].map((href) => href.slice(source.href.length)) };
}

/** Types are gone when the program runs. */
function staticImports(text: string): string[] {
  const statements = text.matchAll(/^(?:import|export) (?!type )(?:[^;'"]*? from )?'([^']+)'/gms);
  return [...statements].map(([, specifier = '']) => specifier);
}

it('sees the imports that are there', async () => {
  expect((await loadedWith('fleet/schema.ts')).packages).toEqual(['zod']);
  expect((await loadedWith('commands/up/up.ts')).files).toContain('engine/runner.ts');
});

it('loads no package and few files for --version', async () => {
  const { packages, files } = await loadedWith('main.ts');
  expect(packages).toEqual([]);
  expect(files).toEqual([
    'main.ts',
    'errors/exit-codes.ts',
    'ui/surroundings.ts',
    'world/real/disk/hung-disk.ts',
    'world/real/own-process.ts',
  ]);
});

it('loads no package and one file for help that the build keeps', async () => {
  expect(await loadedWith('cli/kept-help.ts')).toEqual({ packages: [], files: ['cli/kept-help.ts'] });
});

it('loads commander alone, and only tables, for a command', async () => {
  const { packages, files } = await loadedWith('cli/program.ts');
  expect(packages).toEqual(['commander']);
  expect(files.filter((path) => !/^(?:cli|options|errors)\//.test(path))).toEqual([
    'fleet/settings/duration.ts',
    'fleet/settings/node-form.ts',
    'fleet/settings/own-vpc.ts',
  ]);
});

it('loads no schema and no client for a completion without a search', async () => {
  const { packages, files } = await loadedWith('cli/completion.ts');
  expect(packages).toEqual(['@bomb.sh/tab']);
  expect(files.filter((path) => !/^(?:cli|options|errors)\//.test(path))).toEqual([
    'fleet/regions.ts',
    'fleet/settings/duration.ts',
    'fleet/settings/node-form.ts',
    'fleet/settings/own-vpc.ts',
  ]);
});
