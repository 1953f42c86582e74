/** Runs Node programs of this repository, without a shell. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs a script with this Node, its output going to the terminal.
 * @param {readonly string[]} args the script, relative to the repository, and its arguments
 * @returns {Promise<number>} its exit code; 130 when a signal ended it
 */
export function runNode(args) {
  return run(process.execPath, args);
}

/**
 * Runs npm: the one that started this script, else the one on PATH.
 * @param {readonly string[]} args
 * @returns {Promise<number>} its exit code
 */
export function runNpm(args) {
  const npm = process.env.npm_execpath;
  return npm?.endsWith('.js') ? run(process.execPath, [npm, ...args]) : run('npm', args);
}

function run(program, args) {
  // Ctrl-C reaches the program too: it decides how to end, and this script waits for it.
  const wait = () => {};
  process.on('SIGINT', wait);
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit' });
    const end = (code) => {
      process.off('SIGINT', wait);
      resolve(code);
    };
    child.on('error', (error) => {
      console.error(`${program} could not be started: ${error.message}`);
      end(1);
    });
    child.on('close', (code) => end(code ?? 130));
  });
}
