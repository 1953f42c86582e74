/**
 * `npm run empty-machine`: a fresh clone of HEAD on a new Debian that has git and Node.js and nothing else, used by an
 * ordinary user with an empty home as the README says. `-- --node=22` takes another Node than this one; `-- test/cli` only
 * these tests. Everything happens in namespaces of its own, so nothing of it can outlive this script but one folder.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingFor, thisMachine } from './empty-machine/needs.js';

const inside = fileURLToPath(new URL('empty-machine/inside.js', import.meta.url));
const namespaces = ['--mount', '--pid', '--mount-proc', '--fork', '--kill-child'];

const why = missingFor(thisMachine());
if (why === undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'karmada-eks-empty-'));
  process.exitCode = await runInside(folder);
  // What a signal ended may still be writing.
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
} else {
  console.log(`empty-machine: skipped: ${why}`);
  // A machine that is to prove something must not pass by proving nothing.
  process.exitCode = process.env.CI === 'true' ? 1 : 0;
}

/** The exit code of what ran; 130 when a signal stopped it, and with it every process of its namespace. */
function runInside(folder) {
  const words = [...namespaces, process.execPath, inside, folder, ...process.argv.slice(2)];
  return new Promise((resolve, reject) => {
    const child = spawn('unshare', words, { stdio: ['ignore', 'inherit', 'inherit'] });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill('SIGKILL'));
    child.on('error', reject).on('exit', (code) => {
      if (code === null) console.log('empty-machine: stopped');
      resolve(code ?? 130);
    });
  });
}
