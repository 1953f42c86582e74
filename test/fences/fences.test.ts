/** Every file of `src` keeps to the table of fences, and the table bites. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { fencesForDocs, offences } from './imports.js';
import { rows } from './table.js';

const src = fileURLToPath(new URL('../../src', import.meta.url));

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts'));

it('no file imports what its folder may not', () => {
  expect(files.length).toBeGreaterThan(400);
  expect(files.flatMap((path) => offences(path, readFileSync(join(src, path), 'utf8')))).toEqual([]);
});

it('docs/architecture.md prints the table', () => {
  const page = readFileSync(join(src, '../docs/architecture.md'), 'utf8');
  expect(page).toContain(fencesForDocs());
});

it('every row is of a folder that exists, and has files', () => {
  const empty = rows.filter(({ folder }) => !files.some((path) => path.startsWith(`${folder}/`)));
  expect(empty).toEqual([]);
});

const importing = (specifier: string, name = 'x'): string => `import { ${name} } from '${specifier}';\n`;

it.each<[string, string, string]>([
  ['errors/x.ts', importing('../world/clock.js'), 'world/clock.ts: everything else uses it'],
  ['world/x.ts', importing('./real/exec.js'), 'world/real/exec.ts'],
  ['world/real/x.ts', importing('../../tools/run.js'), 'tools/run.ts'],
  ['engine/x.ts', importing('../pipelines/up.js'), 'pipelines/up.ts: the engine knows no AWS and no tool'],
  ['steps/karmada/x.ts', importing('../../pipelines/up.js'), 'know no pipeline'],
  ['tools/kubectl/x.ts', importing('../../engine/step.js'), 'engine/step.ts'],
  ['fleet/x.ts', "export const f = async () => await import('../pipelines/up.js');\n", 'pipelines/up.ts'],
  ['preflight/x.ts', "export type X = import('../ui/ui.js').Ui;\n", 'ui/ui.ts'],
  ['ownership/x.ts', importing('../state/find-fleet.js'), 'marks and times alone'],
  ['steps/x.ts', "export * from '../ui/ui.js';\n", 'ui/ui.ts'],
  ['steps/x.ts', importing('../world/real/world.js'), 'world/real/world.ts'],
  ['rehearsal/kube/controllers/x.ts', importing('../../../aws/prices.js'), 'a wrong argv right'],
  ['ui/x.ts', importing('../engine/runner.js'), 'a run is known by its events'],
  ['commands/up/x.ts', importing('../../ui/terminal.js'), 'ui/terminal.ts'],
  ['nowhere/x.ts', importing('../ui/ui.js'), 'has no row'],
  ['tools/x.ts', "export const load = async () => await import('execa');\n", 'execa: programs run through'],
  ['rehearsal/x.ts', importing('execa'), 'execa'],
  ['cli/x.ts', importing('chalk'), 'only the ui draws'],
  ['fleet/x.ts', importing('@inquirer/prompts'), 'only the ui draws'],
  ['ui/x.ts', importing('commander'), 'only the program parses'],
  ['steps/x.ts', importing('node:fs/promises'), 'effects go through the ports'],
  ['aws/x.ts', importing('@aws-sdk/client-ec2', 'EC2Client'), "take the port's send"],
  ['steps/x.ts', importing('@aws-sdk/client-eks', 'EKSClient as X'), "take the port's send"],
])('%s is refused %s', (path, code, expected) => {
  expect(offences(path, code).join()).toContain(expected);
});

it.each<[string, string]>([
  ['main.ts', importing('./world/real/world.js')],
  ['errors/x.ts', importing('./exit-codes.js')],
  ['world/x.ts', "import type { EC2Client } from '@aws-sdk/client-ec2';\n"],
  ['world/real/x.ts', importing('@aws-sdk/client-ec2', 'EC2Client')],
  ['world/real/x.ts', importing('execa') + importing('../exec.js')],
  ['aws/x.ts', importing('@aws-sdk/client-ec2', 'DescribeVpcsCommand')],
  ['rehearsal/eksctl/x.ts', importing('../aws/eks-versions.js') + importing('../../fleet/fleet.js')],
  ['ui/x.ts', importing('chalk') + importing('../engine/events.js')],
  ['cli/x.ts', importing('commander') + importing('../commands/shared/session.js')],
  ['commands/up/x.ts', importing('../../ui/ui.js')],
])('%s may import %s', (path, code) => {
  expect(offences(path, code)).toEqual([]);
});

it('scripts and the lab load files of the build that have a source', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const loaded = ['scripts', 'test/lab'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.js') && !path.includes('node_modules'))
      .flatMap((path) => [
        ...readFileSync(join(root, folder, path), 'utf8').matchAll(/'(?:\.\.\/)+dist\/([^']+)\.js'/g),
      ])
      .map(([, path = '']) => path),
  );
  expect(loaded.length).toBeGreaterThan(10);
  expect(loaded.filter((path) => !files.includes(`${path}.ts`))).toEqual([]);
});
