/** How long `npm test` took the last time in this folder, and what the files took one after another. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../run.js';
import { seconds, times } from './figures.js';

/** Where scripts/test.js leaves it: `tests`, `wallMs` and `workMs` (the files' own times, together). */
export const testsReport = join(root, '.tmp/tests.json');

export function tests() {
  const { tests, wallMs, workMs } = last();
  return {
    title: 'The tests',
    about:
      'The tests of the last `npm test` in this folder, without types and lint, against its files one after another.',
    columns: ['tests', 'time', 'one by one', 'against it'],
    rows: wallMs === undefined ? [] : [[tests, seconds(wallMs), seconds(workMs), times(wallMs / workMs)]],
    failures: [],
  };
}

function last() {
  try {
    return JSON.parse(readFileSync(testsReport, 'utf8'));
  } catch {
    return {};
  }
}
