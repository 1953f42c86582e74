/** The linter's fences hold: each offence is reported by the rule that is meant for it, and allowed code by none. */
import { execFile } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { tempFolder } from './world/temp-folder.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const imports = 'lint/style/noRestrictedImports';
const plugin = 'plugin';

const importing = (specifier: string, name = 'x'): string =>
  `import { ${name} } from '${specifier}';\nexport const y = ${name};\n`;

const reports = z.object({
  diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.string() }) })),
});

/** Every offence with the rule that must report it; each gets a file of its own. */
const offences: readonly (readonly [folder: string, code: string, rule: string])[] = [
  ['src/errors', importing('../world/clock.js'), imports],
  ['src/world', importing('../fleet/schema.js'), imports],
  ['src/world', importing('./real/exec.js'), imports],
  ['src/world/real', importing('../../tools/run.js'), imports],
  ['src/world/real', importing('../../rehearsal/state.js'), imports],
  ...['tools', 'aws', 'steps', 'discover', 'fleet', 'ui', 'cli', 'rehearsal'].map(
    (folder) => ['src/pipeline', importing(`../${folder}/x.js`), imports] as const,
  ),
  ['src/tools/kubectl', importing('../../aws/errors.js'), imports],
  ['src/tools/kubectl', importing('../../pipeline/step.js'), imports],
  ['src/aws', importing('../tools/run.js'), imports],
  ['src/fleet', importing('../steps/up.js'), imports],
  ['src/discover', importing('../steps/up.js'), imports],
  ['src/discover', importing('../ui/ui.js'), imports],
  ['src/steps', importing('../ui/ui.js'), imports],
  ['src/steps', importing('../rehearsal/state.js'), imports],
  ...['tools/eksctl/commands', 'aws/prices', 'steps/up', 'discover/facts', 'pipeline/step', 'ui/ui', 'cli/up'].map(
    (path) => ['src/rehearsal', importing(`../${path}.js`), imports] as const,
  ),
  ['src/rehearsal', importing('../world/real/files.js'), imports],
  ['src/rehearsal/eksctl', importing('../../tools/eksctl/commands.js'), imports],
  ['src/rehearsal/kube/controllers', importing('../../../aws/prices.js'), imports],
  ['src/ui', importing('../pipeline/runner.js'), imports],
  ['src/ui', importing('../world/clock.js'), imports],
  ['src/cli', importing('../steps/create-cluster.js'), imports],
  ['src/cli', importing('../tools/run.js'), imports],
  ['src/cli', importing('../ui/terminal.js'), imports],
  ['src/cli', importing('../world/real/world.js'), imports],
  ['src/steps', importing('../world/real/world.js'), imports],
  ['src/tools', importing('execa'), imports],
  ['src/tools', "export const load = async () => await import('execa');\n", imports],
  ['src/rehearsal', importing('execa'), imports],
  ['src/ui', importing('execa'), imports],
  ['src/cli', importing('chalk'), imports],
  ['src/steps', importing('ora'), imports],
  ['src/fleet', importing('@inquirer/prompts'), imports],
  ['src/fleet', importing('commander'), imports],
  ['src/ui', importing('commander'), imports],
  ['src/aws', importing('@aws-sdk/client-ec2', 'EC2Client'), imports],
  ['src/rehearsal', importing('@aws-sdk/client-ec2', 'EC2Client'), imports],
  ['src/steps', importing('@aws-sdk/client-eks', 'EKSClient'), imports],
  ['src/tools', importing('node:child_process'), imports],
  ['src/steps', importing('node:fs/promises'), imports],
  ['src/discover', importing('node:fs'), imports],
  ['src/aws', importing('node:https'), imports],
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
  ['src/errors', importing('./exit-codes.js')],
  ['src/errors', "export function f(): void {\n  throw new Error('yes');\n}\n"],
  ['src/world', "import type { EC2Client } from '@aws-sdk/client-ec2';\nexport type X = EC2Client;\n"],
  ['src/world/real', importing('execa')],
  ['src/world/real', importing('@aws-sdk/client-ec2', 'EC2Client')],
  ['src/world/real', importing('../exec.js')],
  ['src/world/real', importing('../../errors/problem.js')],
  ['src/world/real', 'export const vars = process.env;\n'],
  ['src/pipeline', importing('../world/clock.js')],
  ['src/tools/eksctl', importing('../run.js')],
  ['src/tools/eksctl', importing('../../world/exec.js')],
  ['src/aws', importing('@aws-sdk/client-ec2', 'DescribeVpcsCommand')],
  ['src/rehearsal', importing('@aws-sdk/client-ec2', 'DescribeVpcsCommand')],
  ['src/rehearsal', importing('../world/exec.js')],
  ['src/rehearsal', importing('../fleet/fleet.js')],
  ['src/rehearsal/eksctl', importing('../aws/eks-versions.js')],
  ['src/rehearsal/kube/controllers', importing('../../aws/ec2.js')],
  ['src/steps', importing('../tools/run.js')],
  ['src/steps', importing('../pipeline/step.js')],
  ['src/ui', importing('chalk')],
  ['src/ui', importing('../pipeline/events.js')],
  ['src/cli', importing('commander')],
  ['src/cli', importing('../steps/up.js')],
  ['src/cli', importing('../steps/install-tools.js')],
  ['src/cli', importing('../ui/ui.js')],
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
