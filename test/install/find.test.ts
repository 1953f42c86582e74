/** Programs that were installed are found after PATH, and by the programs that are run. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Environment } from '../../src/world/environment.js';
import { realExec } from '../../src/world/real/programs/exec.js';
import { program, tempFolder } from '../world/temp-folder.js';

const request = { tool: 'kubectl', args: [], timeoutMs: 15_000 } as const;

async function machine() {
  const folder = await tempFolder();
  const [onPath, dataDir, workingDir] = ['path', 'data', 'work'].map((name) => join(folder, name));
  if (onPath === undefined || dataDir === undefined || workingDir === undefined) return expect.unreachable();
  for (const each of [onPath, join(dataDir, 'bin'), workingDir]) await mkdir(each, { recursive: true });
  const environment = (PATH: string | undefined): Environment => ({
    vars: PATH === undefined ? {} : { PATH },
    homeDir: '/home/nobody',
    workingDir,
    dataDir,
    owner: 'me',
    runtime: 'Node.js',
  });
  return { onPath, installed: join(dataDir, 'bin'), environment };
}

it('finds an installed program without PATH', async () => {
  const { onPath, installed, environment } = await machine();
  await program(join(installed, 'kubectl'), 'console.log("installed")');
  for (const path of [onPath, '', undefined])
    expect(await realExec(environment(path))(request)).toMatchObject({ stdout: 'installed\n' });
});

it('prefers what is on PATH', async () => {
  const { onPath, installed, environment } = await machine();
  await program(join(installed, 'kubectl'), 'console.log("installed")');
  await program(join(onPath, 'kubectl'), 'console.log("on PATH")');
  expect(await realExec(environment(onPath))(request)).toMatchObject({ stdout: 'on PATH\n' });
});

it('passes over a half-written one', async () => {
  const { installed, environment, onPath } = await machine();
  await program(join(installed, '.kubectl.new'), 'console.log("half")');
  expect(await realExec(environment(onPath))(request)).toEqual({ kind: 'not-found' });
});

it('shows the folder to the programs that are run, after all else', async () => {
  const { installed, environment, onPath } = await machine();
  await program(join(onPath, 'kubectl'), 'console.log(process.env.PATH)');
  expect(await realExec(environment(onPath))(request)).toMatchObject({ stdout: `${onPath}:${installed}\n` });
});
