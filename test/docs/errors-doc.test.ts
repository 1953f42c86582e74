/** docs/errors.md is what the table of codes says now, and every code has a section that says what to do. */
import { expect, it } from 'vitest';
import { ExitCode } from '../../src/errors/exit-codes.js';
import { problemTable } from '../../src/errors/table.js';
import { readDoc } from './read-doc.js';

type ErrorsPage = (table: typeof problemTable, exitCodes: typeof ExitCode) => string;

it('docs/errors.md is up to date (npm run build && node scripts/errors-doc.js)', async () => {
  // Scripts are JavaScript without types: they run before anything is built.
  const script = new URL('../../scripts/errors-doc.js', import.meta.url);
  const { errorsPage } = (await import(script.href)) as { readonly errorsPage: ErrorsPage };
  expect(await readDoc('docs/errors.md')).toBe(errorsPage(problemTable, ExitCode));
});

it('every exit code is explained', async () => {
  expect(await readDoc('docs/errors.md')).not.toContain('undefined');
});

it.each(Object.keys(problemTable))('docs/troubleshooting.md has a section on %s', async (code) => {
  expect((await readDoc('docs/troubleshooting.md')).split('\n')).toContain(`### ${code}`);
});

it('docs/troubleshooting.md has no section on a code that is not there', async () => {
  const text = await readDoc('docs/troubleshooting.md');
  const sections = [...text.matchAll(/^### ([a-z-]+)$/gm)].map(([, code]) => code);
  expect(sections.filter((code) => code !== undefined && !(code in problemTable))).toEqual([]);
});
