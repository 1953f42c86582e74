/** The GitHub Action as a process, on a rehearsed fleet, before a server that answers as GitHub does. */
import { execFile } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { triesMore } from '../lifecycle/cases.js';
import { builtProgram } from '../world/built-program.js';
import { tempFolder } from '../world/temp-folder.js';

const run = promisify(execFile);
const main = fileURLToPath(new URL('../../action/main.js', import.meta.url));

it.runIf(triesMore)('plans a fleet for a pull request', async () => {
  const folder = await tempFolder();
  const program = await builtProgram();
  // In npm's place: the package's own program, with what follows its name.
  const npx = `#!${process.execPath}\nprocess.argv.splice(2, 2);\nawait import(${JSON.stringify(program)});\n`;
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'npx'), npx);
  await chmod(join(folder, 'npx'), 0o755);
  await writeFile(join(folder, 'fleet.yaml'), 'region: us-west-2\nvpc: karmada-vpc\nmembers: 1\n');
  await writeFile(join(folder, 'event.json'), '{ "pull_request": { "number": 7 } }');
  const asked: { readonly call: string; readonly token: string | undefined; readonly body: string }[] = [];
  const server = createServer(async (request, response) => {
    const call = `${request.method} ${request.url}`;
    asked.push({ call, token: request.headers.authorization, body: await text(request) });
    response.setHeader('content-type', 'application/json').end(request.method === 'GET' ? '[]' : '{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { stdout } = await run(process.execPath, [main], {
      cwd: folder,
      env: {
        PATH: [folder, dirname(process.execPath)].join(delimiter),
        HOME: folder,
        INPUT_COMMAND: 'plan',
        INPUT_CONFIG: 'fleet.yaml',
        INPUT_ARGS: '--rehearse',
        INPUT_COMMENT: 'true',
        INPUT_GITHUB_TOKEN: 'secret',
        GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        GITHUB_REPOSITORY: 'you/fleet',
        GITHUB_EVENT_PATH: join(folder, 'event.json'),
        GITHUB_STEP_SUMMARY: join(folder, 'summary'),
        GITHUB_OUTPUT: join(folder, 'output'),
      },
    });
    expect(stdout).toContain('rehearsal: simulated account');
    expect(stdout).not.toContain('secret');
  } finally {
    server.close();
  }
  const path = '/repos/you/fleet/issues/7/comments';
  expect(asked.map(({ call, token }) => [call, token])).toEqual([
    [`GET ${path}?per_page=100&page=1`, 'Bearer secret'],
    [`POST ${path}`, 'Bearer secret'],
  ]);
  const { body } = JSON.parse(asked[1]?.body ?? '') as { body: string };
  expect(body).toContain('**There are changes.**');
  expect(body).toContain('karmada-member-1');
  expect(await readFile(join(folder, 'output'), 'utf8')).toBe('exit-code=9\nchanges=true\n');
});
