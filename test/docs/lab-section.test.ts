/** The part of docs/benchmarks.md that is measured in the lab outlives the other parts, and they outlive it. */
import { expect, it } from 'vitest';
import { readDoc } from './read-doc.js';

// The scripts have no types: they run without a build.
const script = new URL('../../scripts/bench/lab-section.js', import.meta.url);
const { labSectionOf, withFailoverSection, withLabSection } = (await import(script.href)) as {
  readonly labSectionOf: (page: string) => string;
  readonly withFailoverSection: (page: string, table: object, date: string) => string;
  readonly withLabSection: (page: string, tables: readonly object[], date: string) => string;
};

const others = '# Benchmarks\n\n## Start-up\n\nfast\n';
const table = { title: 'First up', about: 'About it.', columns: ['members', 'up'], rows: [[2, '3.0 s']] };

it('stands at the end of a page that had none, and takes the place of an older one', () => {
  const first = withLabSection(others, [table], '2026-01-01');
  expect(first.startsWith(`${others}\n## In the lab\n`)).toBe(true);
  expect(first).toContain('\n### First up\n\nAbout it.\n\n| members | up |\n| ---: | ---: |\n| 2 | 3.0 s |\n');
  const second = withLabSection(first, [table], '2026-02-02');
  expect(second).toBe(first.replace('2026-01-01', '2026-02-02'));
});

it('is kept as it was when the rest is measured again, with its own date', () => {
  const page = withLabSection(others, [table], '2026-01-01');
  expect(`${others}\n${labSectionOf(page)}`).toBe(page);
});

it('has the section on failover after it, which outlives it and every other part', () => {
  const measured = withLabSection(others, [table], '2026-01-01');
  const failover = { ...table, title: 'Failover, in the lab' };
  const page = withFailoverSection(measured, failover, '2026-01-02');
  expect(page.startsWith(`${measured}\n## Failover, in the lab\n\n<!-- Written by npm run lab:failover. -->\n`)).toBe(
    true,
  );
  expect(withFailoverSection(page, failover, '2026-01-02')).toBe(page);
  expect(withLabSection(page, [table], '2026-01-01')).toBe(page);
  expect(`${others}\n${labSectionOf(page)}`).toBe(page);
});

it('says of itself that it was not measured, where it was not', () => {
  expect(labSectionOf(others)).toMatch(/^## In the lab\n\nNot measured yet/);
});

it('is there in the page of this project', async () => {
  expect(labSectionOf(await readDoc('docs/benchmarks.md'))).not.toContain('Not measured');
});
