/** `npm test`: types, lint, unused code and tests, each with its outcome, and one line of counts at the end. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { testsReport } from './bench/tests.js';
import { ensureInstalled } from './install.js';
import { runNode } from './run.js';

const checks = [
  ['types', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--noEmit']],
  ['lint', ['node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings']],
  ['unused', ['node_modules/knip/bin/knip.js']],
];

await ensureInstalled();
const counts = { passed: 0, failed: 0 };
const outcomes = [];
for (const [name, args] of checks) {
  const ok = await stage(name, args);
  counts[ok ? 'passed' : 'failed'] += 1;
}
await tests();
console.log(`\n${outcomes.join('\n')}\n`);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;

async function stage(name, args) {
  console.log(`\n── ${name}`);
  const started = performance.now();
  const ok = (await runNode(args)) === 0;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  outcomes.push(`${name.padEnd(7)} ${ok ? 'ok    ' : 'FAILED'} ${seconds.padStart(6)} s`);
  return ok;
}

async function tests() {
  const folder = mkdtempSync(join(tmpdir(), 'karmada-eks-tests-'));
  const path = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${path}`];
  const started = performance.now();
  // A snapshot that is missing is a test that failed, not one to be written.
  const ok = await stage('tests', ['node_modules/vitest/vitest.mjs', 'run', '--update=none', ...reporters]);
  const wallMs = performance.now() - started;
  const report = readReport(path);
  rmSync(folder, { recursive: true });
  const failed = report === undefined ? 1 : failuresIn(report);
  counts.passed += report?.numPassedTests ?? 0;
  // A run can fail without a failed test, for example by an error after the last one.
  counts.failed += ok ? failed : Math.max(failed, 1);
  if (report !== undefined) keepTimes(report, wallMs);
}

/** Undefined where the tests ended without one. */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** A file that could not be loaded has no tests; it counts as one that failed. */
function failuresIn({ numFailedTests, testResults }) {
  const unloaded = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return numFailedTests + unloaded.length;
}

/** For `npm run bench`. */
function keepTimes({ numTotalTests, testResults }, wallMs) {
  const workMs = testResults.reduce((sum, { startTime, endTime }) => sum + endTime - startTime, 0);
  try {
    mkdirSync(dirname(testsReport), { recursive: true });
    writeFileSync(testsReport, JSON.stringify({ tests: numTotalTests, wallMs, workMs }));
  } catch {
    // A folder that cannot be written is no failure of the tests.
  }
}
