/** `npm run pictures`: runs rehearsed commands in a pseudo-terminal and keeps what they show as docs/pictures/*.svg; `-- guide` takes that one. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled } from './install.js';
import { root, runNode } from './run.js';
import { terminalFilm, terminalPicture } from './terminal-picture.js';

/**
 * In this order: each goes on with the account that the one before left. `columns`: of the terminal. `last`: so many lines
 * from the end. `piped`: what the program writes where there is no terminal. `enters`: a film: Enter answers every question until this is asked, and Ctrl-C that one. `speed`: at a high
 * one the time that this machine itself needs, multiplied, shows in what steps took. `halfway`: also a picture
 * called `live` of the view that was drawn after this.
 */
const scenes = [
  { name: 'help', words: '--help', columns: 80 },
  { name: 'guide', words: 'up --rehearse --fleet shop', rows: 30, enters: /Proceed/, exit: 130 },
  { name: 'error', words: 'up --rehearse --vpc shop --yes', exit: 3 },
  { name: 'doctor', words: 'doctor --rehearse --vpc karmada-vpc' },
  { name: 'plan', words: 'plan --rehearse --vpc karmada-vpc --members 2' },
  {
    name: 'up',
    words: 'up --rehearse --vpc karmada-vpc --members 2 --yes',
    last: 42,
    speed: 60,
    halfway: 'create the load balancer of the Karmada API\u001b[2m',
  },
  { name: 'status', words: 'status --rehearse' },
  { name: 'narrow', words: 'status --rehearse', columns: 40 },
  { name: 'demo', words: 'demo --rehearse', speed: 60 },
  { name: 'down', words: 'down --rehearse --yes --confirm karmada', speed: 60 },
  { name: 'log', words: 'up --rehearse --vpc karmada-vpc --yes', columns: 120, piped: true, last: 40, speed: 60 },
];

/** Follows each drawing of the live view (ora 9.4.1). */
const endOfView = '\u001b[?2026l';

/** A program that has written a question, and nothing else for so long, waits for the answer. */
const quietMs = 1500;
const questionMark = '\u001b[34m?\u001b[39m';
const ctrlC = '\u0003';

await ensureInstalled();
if ((await runNode(['scripts/build.js'])) !== 0) process.exit(1);
const only = process.argv.slice(2);
const home = await mkdtemp(join(tmpdir(), 'karmada-eks-pictures-'));
try {
  await mkdir('docs/pictures', { recursive: true });
  for (const scene of scenes) if (only.length === 0 || only.includes(scene.name)) await take(scene);
} finally {
  await rm(home, { recursive: true, force: true });
}

async function take({ name, words, exit = 0, columns = 100, last, speed = 600, enters, rows, halfway, piped }) {
  const line = piped ? `${words} 2>&1 | cat` : words;
  const { code, written, screens } = await inTerminal(`${root}bin/karmada-eks.js ${line}`, { columns, speed, enters });
  if (code !== exit) throw new Error(`${words} ended with ${code}:\n${written}`);
  const typed = `$ karmada-eks ${line}`;
  const all = (text) => `\u001b[1m${typed}\u001b[0m\r\n${text}`;
  const svg =
    enters === undefined
      ? await terminalPicture({ written: all(written), columns, last, title: typed })
      : await terminalFilm({ screens: filmOf(screens, all), columns, rows, title: typed });
  await keep(name, svg);
  if (halfway === undefined) return;
  const end = written.indexOf(endOfView, written.indexOf(halfway) + halfway.length);
  const title = typed;
  await keep('live', await terminalPicture({ written: all(written.slice(0, end)), columns, last: 12, title }));
}

async function keep(name, svg) {
  await writeFile(`docs/pictures/${name}.svg`, svg);
  console.log(`docs/pictures/${name}.svg`);
}

/** People read the last screen longer. */
function filmOf(screens, all) {
  return screens.map((text, index) => ({ written: all(text), seconds: index === screens.length - 1 ? 6 : 2 }));
}

/** Runs a program in a terminal of its own, which `script` of util-linux makes; answers all that was written to it, and all until each answer. */
async function inTerminal(command, { columns, speed, enters }) {
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    KARMADA_EKS_HOME: join(home, '.local/share/karmada-eks'),
    KARMADA_EKS_SPEED: String(speed),
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
  };
  const args = ['-qfec', `stty cols ${columns} rows 50; exec ${process.execPath} ${command}`, '/dev/null'];
  // A question that nobody answers must not hold the script for ever.
  const child = spawn('script', args, { cwd: home, env, stdio: ['pipe', 'pipe', 'inherit'], timeout: 120_000 });
  let written = '';
  const screens = [];
  const answer = () => {
    const asked = written.slice(screens.at(-1)?.length ?? 0);
    if (!asked.includes(questionMark)) return;
    screens.push(written);
    child.stdin.write(enters.test(asked) ? ctrlC : '\r');
  };
  let quiet;
  child.stdout.setEncoding('utf8').on('data', (text) => {
    written += text;
    clearTimeout(quiet);
    if (enters !== undefined) quiet = setTimeout(answer, quietMs);
  });
  const code = await new Promise((done, failed) => child.on('close', done).on('error', failed));
  clearTimeout(quiet);
  // A folder that nobody else has is no part of a picture.
  const told = (text) => text.replaceAll(home, '~');
  return { code, written: told(written), screens: screens.map(told) };
}
