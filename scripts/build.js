/** `npm run build`: `src/` to `dist/`, the help texts that are shown without being laid out anew, and the program of scheduled backups. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleJob } from './bundle-job.js';
import { root, runNode } from './run.js';

const kept = join(root, 'dist/help.json');

rmSync(kept, { force: true });
process.exitCode = await runNode(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']);
if (process.exitCode === 0) {
  const { helpTexts } = await import('../dist/cli/help-texts.js');
  writeFileSync(kept, JSON.stringify(await helpTexts()));
  await bundleJob(join(root, 'dist/backup-job.js'));
}
