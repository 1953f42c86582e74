/**
 * `npm start`: builds the program and shows it in a rehearsal: a fleet goes up, and a workload is divided over it.
 * `npm start -- --help`, or any other words, builds it and runs it with these.
 */
import { ensureInstalled } from './install.js';
import { runNode } from './run.js';

const program = 'bin/karmada-eks.js';
const fleet = ['--rehearse', '--fleet', 'demo'];

const shown = [
  ['up', ...fleet, '--region', 'us-west-2', '--vpc', 'karmada-vpc', '--members', '3', '--yes'],
  ['demo', ...fleet],
];
const given = process.argv.slice(2);
const runs = [['scripts/build.js'], ...(given.length > 0 ? [given] : shown).map((words) => [program, ...words])];

await ensureInstalled();
for (const args of runs) {
  const code = await runNode(args);
  if (code !== 0) process.exit(code);
}
