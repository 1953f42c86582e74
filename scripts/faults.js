/** `npm run faults`: all that `npm test` tries in part: every case of the fault matrix, every kill and stop, all cases of the properties, 500 generated histories, long lives, real terminals. Prints how many were tried and which failed. */
import { readdirSync, readFileSync } from 'node:fs';
import { ensureInstalled } from './install.js';
import { runNode } from './run.js';

/** Where whatever is generated stands. */
const generated = /^test\/(faults|property)\/|generated/;

/** Files with cases of which `npm test` takes a sample, or that it leaves to this run. */
function hasMore(file) {
  return generated.test(file) || /from '.*\/cases\.js'/.test(readFileSync(file, 'utf8'));
}

await ensureInstalled();
process.env.CASES ??= 'all';
process.env.HISTORIES ??= '500';
process.env.PROPERTY_RUNS ??= '1';
const files = readdirSync('test', { recursive: true })
  .map((name) => `test/${name}`)
  .filter((name) => name.endsWith('.test.ts') && hasMore(name));
process.exitCode = await runNode(['node_modules/vitest/vitest.mjs', 'run', '--update=none', ...files]);
