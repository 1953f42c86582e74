/**
 * `npm run mutants`: changes the product in at least MUTANTS small ways (100), picked by MUTANTS_SEED (1), runs the quick tests against
 * each, and writes into docs/mutants.md how many were noticed, per folder, and which were not.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import { ensureInstalled } from './install.js';
import { compilerRefuses } from './mutants/compiler.js';
import { sample } from './mutants/sample.js';
import { root } from './run.js';

await ensureInstalled();
const { MUTANTS = '100', MUTANTS_SEED = '1', MUTANTS_WORKERS = '2' } = process.env;
const page = join(root, 'docs/mutants.md');
const begin = '<!-- written by npm run mutants -->';
const end = '<!-- end -->';

const { ranges, picked, all } = await sample(Number(MUTANTS), Number(MUTANTS_SEED));
console.log(`${picked} of ${all} mutants, seed ${MUTANTS_SEED}`);
const started = performance.now();
const results = await new Stryker({
  mutate: ranges,
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'scripts/mutants/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  concurrency: Number(MUTANTS_WORKERS),
  // Whole runs of the quick tests are long: beside other work, five seconds more would call a slow test a noticed mutant.
  timeoutMS: 60_000,
  timeoutFactor: 3,
  dryRunTimeoutMinutes: 30,
  tempDirName: '.tmp/stryker',
  ignorePatterns: ['.tmp', 'dist'],
  reporters: ['progress-append-only', 'clear-text'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: false },
  allowConsoleColors: false,
}).runMutationTest();
const minutes = Math.round((performance.now() - started) / 60_000);
write(results.filter(({ status }) => status !== 'Ignored').map(judged));

/** The compiler is a test too: `npm test` begins with it. */
function judged(mutant) {
  const { fileName, location, replacement, mutatorName, status } = mutant;
  const file = relative(root, fileName);
  const source = readFileSync(join(root, file), 'utf8');
  const lines = source.split('\n');
  const offset = ({ line, column }) => lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0) + column - 1;
  const [from, to] = [offset(location.start), offset(location.end)];
  const survived = status === 'Survived' || status === 'NoCoverage';
  return {
    folder: file
      .split('/')
      .slice(1, file.startsWith('src/steps/') ? 3 : 2)
      .join('/'),
    place: `${file}:${location.start.line}`,
    change: `${mutatorName}: ${shown(source.slice(from, to))} → ${shown(replacement)}`,
    survived: survived && !compilerRefuses(file, source.slice(0, from) + replacement + source.slice(to)),
  };
}

function shown(code) {
  const line = code.replace(/\s+/g, ' ');
  return `\`${(line.length > 60 ? `${line.slice(0, 59)}…` : line).replaceAll('|', '\\|').replaceAll('`', '´')}\``;
}

function write(mutants) {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  const survivors = mutants.filter(({ survived }) => survived);
  const counted = [...new Set(mutants.map(({ folder }) => folder))].sort().map((folder) => {
    const here = mutants.filter((mutant) => mutant.folder === folder);
    return row(folder, here.length, here.filter(({ survived }) => !survived).length);
  });
  const total = row('all', mutants.length, mutants.length - survivors.length);
  const made = [
    `${new Date().toISOString().slice(0, 10)}, commit ${commit}, seed ${MUTANTS_SEED}: ${mutants.length} of ${all} mutants, ${minutes} minutes with ${MUTANTS_WORKERS} workers.`,
    ['| folder | mutants | noticed | score |', '| --- | --- | --- | --- |', ...counted, total].join('\n'),
    '### Not noticed',
    survivors.map(({ place, change }) => `- ${place}, ${change}`).join('\n') || 'None.',
  ];
  const text = readFileSync(page, 'utf8');
  const before = text.slice(0, text.indexOf(begin) + begin.length);
  writeFileSync(page, `${before}\n\n${made.join('\n\n')}\n\n${text.slice(text.indexOf(end))}`);
  console.log(`${mutants.length - survivors.length} of ${mutants.length} noticed; docs/mutants.md is written`);
}

function row(name, count, noticed) {
  return `| ${name} | ${count} | ${noticed} | ${Math.round((noticed / count) * 100)} % |`;
}
