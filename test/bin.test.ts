/** The program's file refuses a Node that is too old before it reads anything else. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { tempFolder } from './world/temp-folder.js';

const program = fileURLToPath(new URL('../bin/karmada-eks.js', import.meta.url));

it.each(['18.20.8', '20.16.0'])('refuses Node %s in one line, with exit code 2', async (version) => {
  const pretend = join(await tempFolder(), 'pretend.cjs');
  const versions = `{ value: { ...process.versions, node: '${version}' } }`;
  await writeFile(pretend, `Object.defineProperty(process, 'versions', ${versions});\n`);
  const ended = await new Promise((resolve) => {
    execFile(process.execPath, ['--require', pretend, program], (error, stdout, stderr) =>
      resolve({ code: error?.code, stdout, stderr }),
    );
  });
  expect(ended).toEqual({
    code: 2,
    stdout: '',
    stderr: `karmada-eks needs Node.js 20.17 or newer; this is ${version}\n`,
  });
});
