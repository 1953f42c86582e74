/** Runs a script in namespaces of its own, with a folder for a file system: nothing of it can outlive the folder. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingFor, thisMachine } from './needs.js';

const namespaces = ['--mount', '--pid', '--mount-proc', '--fork', '--kill-child'];

/**
 * Runs it with the folder and the words of this command line; its exit code becomes that of this process.
 * @param {string} name of the command, for people
 * @param {URL} script
 */
export async function enter(name, script) {
  const why = missingFor(thisMachine());
  if (why !== undefined) {
    console.log(`${name}: skipped: ${why}`);
    // A machine that is to prove something must not pass by proving nothing.
    process.exitCode = process.env.CI === 'true' ? 1 : 0;
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'karmada-eks-empty-'));
  process.exitCode = await runInside(name, [fileURLToPath(script), folder, ...process.argv.slice(2)]);
  // What a signal ended may still be writing.
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
}

/** The exit code of what ran; 130 when a signal stopped it, and with it every process of its namespace. */
function runInside(name, words) {
  return new Promise((resolve, reject) => {
    const child = spawn('unshare', [...namespaces, process.execPath, ...words], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill('SIGKILL'));
    child.on('error', reject).on('exit', (code) => {
      if (code === null) console.log(`${name}: stopped`);
      resolve(code ?? 130);
    });
  });
}
