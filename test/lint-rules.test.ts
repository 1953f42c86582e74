/** The linter's rules hold: each offence is reported by the rule that is meant for it, and allowed code by none. */
import { execFile } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { tempFolder } from './world/temp-folder.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const plugin = 'plugin';

const reports = z.object({
  diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.string() }) })),
});

/** Every offence with the rule that must report it; each gets a file of its own. */
const offences: readonly (readonly [folder: string, code: string, rule: string])[] = [
  ['src/steps', "export function f(): void {\n  throw new Error('no');\n}\n", plugin],
  ['src/main', "export function f(): void {\n  throw new TypeError('no');\n}\n", plugin],
  ['src/steps', "console.log('no');\n", 'lint/suspicious/noConsole'],
  ['src/cli', 'export const home = process.env;\n', 'lint/style/noProcessEnv'],
  ['src/steps', 'export default 1;\n', 'lint/style/noDefaultExport'],
  ['src/steps', 'export const f = (x: any) => x;\n', 'lint/suspicious/noExplicitAny'],
  ['src/steps', 'export const f = (x?: string) => x!.length;\n', 'lint/style/noNonNullAssertion'],
  ['src/steps', 'async function f(): Promise<void> {}\nf();\n', 'lint/nursery/noFloatingPromises'],
  [
    'src/steps',
    `export function f(): void {\n${'  g();\n'.repeat(61)}}\n`,
    'lint/complexity/noExcessiveLinesPerFunction',
  ],
  ['test/steps', "import { vi } from 'vitest';\nvi.mock('x');\n", plugin],
];

const allowed: readonly (readonly [folder: string, code: string])[] = [
  ['src/errors', "export function f(): void {\n  throw new Error('yes');\n}\n"],
  ['src/world/real', 'export const vars = process.env;\n'],
];

async function lint(files: readonly (readonly [path: string, code: string])[]): Promise<Map<string, string[]>> {
  const folder = await tempFolder();
  for (const path of ['biome.json', 'scripts/lint'])
    await cp(join(root, path), join(folder, path), { recursive: true });
  for (const [path, code] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), code);
  }
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '.'];
  const output = await new Promise<string>((done) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 }, (_, stdout) => done(stdout));
  });
  const found = new Map<string, string[]>();
  for (const { category, location } of reports.parse(JSON.parse(output)).diagnostics) {
    found.set(location.path, [...(found.get(location.path) ?? []), category]);
  }
  return found;
}

it('reports every offence by its rule', async () => {
  const files = offences.map(([folder, code], index) => [`${folder}/offence-${index}.ts`, code] as const);
  const found = await lint(files);
  const silent = offences.filter(([, , rule], index) => !found.get(files[index]?.[0] ?? '')?.includes(rule));
  expect(silent).toEqual([]);
});

it('lets pass what is allowed', async () => {
  const files = allowed.map(([folder, code], index) => [`${folder}/allowed-${index}.ts`, code] as const);
  const fences = [...(await lint(files))].filter(([, rules]) => rules.some((rule) => !rule.startsWith('lint/nursery')));
  expect(fences).toEqual([]);
});
