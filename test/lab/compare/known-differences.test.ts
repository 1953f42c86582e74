/** What lab and rehearsal may differ in: told from what they may not, listed in the README, and written into the report. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

interface Known {
  readonly match: RegExp;
  readonly reason: string;
}

interface Sorted {
  readonly fresh: readonly string[];
  readonly hits: readonly number[];
}

// The lab's JavaScript has no types: it runs without a build.
const load = async <Module>(name: string): Promise<Module> =>
  (await import(new URL(name, import.meta.url).href)) as Module;
const { knownDifferences, sorted } = await load<{
  knownDifferences: readonly Known[];
  sorted: (differences: readonly string[], known: readonly Known[]) => Sorted;
}>('known-differences.js');
const { page } = await load<{
  page: (rows: readonly object[], known: readonly Pick<Known, 'reason'>[], date: string) => string;
}>('report.js');

it('tells what is known from what is new, and how often it was there', () => {
  const known = [
    { match: /^a: /, reason: 'first' },
    { match: /^b: /, reason: 'second' },
  ];
  expect(sorted(['a: 1', 'c: 1', 'a: 2'], known)).toEqual({ fresh: ['c: 1'], hits: [2, 0] });
});

it('has the same differences in the rehearsal’s README, each with its reason', async () => {
  const readme = await readFile(new URL('../../../src/rehearsal/README.md', import.meta.url), 'utf8');
  const [, section = ''] = readme.split('\n## Known differences from the lab\n');
  const [listed = ''] = section.split('\n## ');
  const reasons = listed
    .split(/^- /m)
    .slice(1)
    .map((entry) => entry.replaceAll(/\s+/g, ' ').trim());
  expect(reasons).toEqual(knownDifferences.map(({ reason }) => reason));
});

it('counts in the report what was compared and what differed', () => {
  const row = { name: 'up', commands: 2, questions: 3, facts: 5, fresh: ['step: only in the lab: x'], hits: [1, 1] };
  const text = page([row, { ...row, name: 'down', fresh: [] }], [{ reason: 'one' }, { reason: 'two' }], '2026-01-02');
  expect(text).toContain('2026-01-02: 2 scenarios, 1 new differences, 4 known ones.');
  expect(text).toContain('| up | 2 | 3 | 5 | 1 | 2 |');
  expect(text).toContain('| all | 4 | 6 | 10 | 1 | 4 |');
  expect(text).toContain('| 2 | two |');
  expect(text).toContain('- up: `step: only in the lab: x`');
});
