/** `npm run pictures`: runs rehearsed commands in a pseudo-terminal and keeps what they show as docs/pictures/*.svg. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled } from './install.js';
import { runNode } from './run.js';
import { terminalPicture } from './terminal-picture.js';

/**
 * In this order: each goes on with the account that the one before left. `columns`: of the terminal. `last`: so many lines
 * from the end. `speed`: at a high one the time that this machine itself needs, multiplied, shows in what steps took.
 */
const scenes = [
  { name: 'error', words: 'up --rehearse --vpc shop --yes', exit: 3 },
  { name: 'doctor', words: 'doctor --rehearse --vpc karmada-vpc' },
  { name: 'plan', words: 'plan --rehearse --vpc karmada-vpc --members 2', columns: 194 },
  { name: 'up', words: 'up --rehearse --vpc karmada-vpc --members 2 --yes', last: 44, speed: 60 },
  { name: 'status', words: 'status --rehearse' },
  { name: 'demo', words: 'demo --rehearse', speed: 60 },
  { name: 'down', words: 'down --rehearse --yes --confirm karmada', speed: 60 },
];

await ensureInstalled();
if ((await runNode(['scripts/build.js'])) !== 0) process.exit(1);
const home = await mkdtemp(join(tmpdir(), 'karmada-eks-pictures-'));
try {
  await mkdir('docs/pictures', { recursive: true });
  for (const scene of scenes) await take(scene);
} finally {
  await rm(home, { recursive: true, force: true });
}

async function take({ name, words, exit = 0, columns = 100, last, speed = 600 }) {
  const { code, written } = await inTerminal(`bin/karmada-eks.js ${words}`, { columns, speed });
  if (code !== exit) throw new Error(`${words} ended with ${code}:\n${written}`);
  const typed = `$ karmada-eks ${words}`;
  const svg = await terminalPicture({
    written: `\u001b[1m${typed}\u001b[0m\r\n${written}`,
    columns,
    last,
    title: typed,
  });
  await writeFile(`docs/pictures/${name}.svg`, svg);
  console.log(`docs/pictures/${name}.svg`);
}

/** Runs a program in a terminal of its own, which `script` of util-linux makes; answers all that was written to it. */
async function inTerminal(command, { columns, speed }) {
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    KARMADA_EKS_HOME: home,
    KARMADA_EKS_SPEED: String(speed),
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
  };
  const args = ['-qfec', `stty cols ${columns} rows 50; exec ${process.execPath} ${command}`, '/dev/null'];
  // A question that nobody answers must not hold the script for ever.
  const child = spawn('script', args, { env, stdio: ['pipe', 'pipe', 'inherit'], timeout: 120_000 });
  let written = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    written += text;
  });
  const code = await new Promise((done, failed) => child.on('close', done).on('error', failed));
  return { code, written };
}
