/** Runs a program and answers what it printed; one that fails is told with the end of all that it wrote. */
import { spawn } from 'node:child_process';

const shownLines = 60;

/** The ordinary user of an empty machine. */
export const userId = 1000;

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<string>} its standard output
 */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const wrote = { stdout: '', stderr: '', both: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (text) => {
        wrote[name] += text;
        wrote.both += text;
      });
    }
    child.on('error', reject).on('close', (code, signal) => {
      if (code === 0) return resolve(wrote.stdout);
      const end = wrote.both.trimEnd().split('\n').slice(-shownLines).join('\n');
      reject(new Error(`${program} ${args.join(' ')} ended with ${code ?? signal}:\n${end}`));
    });
  });
}

/**
 * Runs the npm that started this script, else the one on PATH.
 * @param {readonly string[]} args
 * @param {string} cwd
 */
export function npm(args, cwd) {
  const path = process.env.npm_execpath;
  return path?.endsWith('.js') ? run(process.execPath, [path, ...args], { cwd }) : run('npm', args, { cwd });
}

/**
 * Runs a program on the empty machine as its user. It has its own processes, and they end with it.
 * @param {readonly string[]} argv
 * @param {{ root: string, folder: string, env: NodeJS.ProcessEnv, offline?: boolean }} where `env` is all its environment
 */
export function runAsUser(argv, { root, folder, env, offline = false }) {
  const own = ['--pid', '--fork', '--kill-child', '--mount', '--mount-proc', ...(offline ? ['--net'] : [])];
  const asUser = ['setpriv', `--reuid=${userId}`, `--regid=${userId}`, '--clear-groups', '--', 'tini', '--'];
  return run('unshare', [...own, `--root=${root}`, `--wd=${folder}`, ...asUser, ...argv], { env });
}
