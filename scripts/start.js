/** `npm start`: builds the program and shows it in a rehearsal: a fleet goes up, and a workload is divided over it. */
import { ensureInstalled } from './install.js';
import { runNode } from './run.js';

const program = 'bin/karmada-eks.js';
const fleet = ['--rehearse', '--fleet', 'demo'];

const runs = [
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
  [program, 'up', ...fleet, '--region', 'us-west-2', '--vpc', 'karmada-vpc', '--members', '3', '--yes'],
  [program, 'demo', ...fleet],
];

await ensureInstalled();
for (const args of runs) {
  const code = await runNode(args);
  if (code !== 0) process.exit(code);
}
