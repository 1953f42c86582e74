/** The GitHub Action: connects what it does to the runner; see action.yml. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { runAction } from './run.js';

const { env } = process;
const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));

process.exitCode = await runAction({
  env: { ...env, INPUT_VERSION: env.INPUT_VERSION || version },
  exec,
  request,
  read: (path) => readFile(path, 'utf8'),
  append: appendFile,
  log: (line) => console.log(line),
  newWord: randomUUID,
});

/** Both outputs go to the log as they come, and are answered as one text. */
function exec([program, ...args]) {
  return new Promise((resolve, reject) => {
    const { INPUT_GITHUB_TOKEN: _, ...vars } = env;
    const child = spawn(program, args, { env: vars, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part) => {
        text += part;
        process.stdout.write(part);
      });
    }
    child.on('error', reject).on('close', (code) => resolve({ code: code ?? 130, text }));
  });
}

/** A call of GitHub's REST API. */
async function request(method, path, body) {
  const response = await fetch(`${env.GITHUB_API_URL}${path}`, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${env.INPUT_GITHUB_TOKEN}`,
      'x-github-api-version': '2022-11-28',
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  return { status: response.status, body: await response.json().catch(() => undefined) };
}
