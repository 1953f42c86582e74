/** `npm run bench`: measures the built program, prints the tables and writes them to docs/benchmarks.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { ensureInstalled } from './install.js';
import { root, runNode } from './run.js';

await ensureInstalled();
if ((await runNode(['scripts/build.js'])) !== 0) process.exit(1);
const { asPage, asText } = await import('./bench/page.js');
const { labSectionOf } = await import('./bench/lab-section.js');
const { startUp } = await import('./bench/start-up.js');
const { reads } = await import('./bench/reads.js');
const { firstUp } = await import('./bench/first-up.js');
const { join } = await import('./bench/join.js');
const { backup } = await import('./bench/backup.js');
const { tests } = await import('./bench/tests.js');

const tables = [];
for (const part of [startUp, reads, firstUp, join, backup, tests]) {
  const table = await part();
  console.log(`${asText(table)}\n`);
  tables.push(table);
}
const path = joinPath(root, 'docs/benchmarks.md');
const page = asPage(tables, new Date().toISOString().slice(0, 10));
writeFileSync(path, `${page}\n${labSectionOf(readFileSync(path, 'utf8'))}`);
const failures = tables.flatMap(({ failures }) => failures);
console.log(failures.length === 0 ? 'docs/benchmarks.md is written' : `FAILED\n${failures.join('\n')}`);
process.exitCode = failures.length === 0 ? 0 : 1;
