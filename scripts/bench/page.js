/** The tables as text for a terminal, and as the page docs/benchmarks.md. */
import { arch, cpus, platform, totalmem } from 'node:os';

/** @param table what a part of the benchmark answers: title, about, columns, rows */
export function asText({ title, columns, rows }) {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => String(row[index]).length)),
  );
  const line = (cells) =>
    cells
      .map((cell, index) => padded(String(cell), widths[index], index))
      .join('  ')
      .trimEnd();
  return [title, line(columns), ...rows.map(line)].join('\n');
}

/** @param tables all of them, in order */
export function asPage(tables, date) {
  return `${[
    '# Benchmarks',
    '',
    '<!-- Written by npm run bench. Do not edit. -->',
    '',
    'Measured side by side in one run of `npm run bench`, without AWS. Ratios can be compared between machines, times cannot.',
    '',
    `${date}, ${machine()}.`,
    ...tables.flatMap((table) => sectionOf(table, '##')),
  ].join('\n')}\n`;
}

/** The lines of one table with its heading, of a level like `##`. */
export function sectionOf({ title, about, columns, rows }, level) {
  return [
    '',
    `${level} ${title}`,
    '',
    about,
    '',
    row(columns),
    row(columns.map((_, index) => (isText(rows, index) ? '---' : '---:'))),
    ...rows.map(row),
  ];
}

/** What was measured on. */
export function machine() {
  const [{ model } = { model: 'unknown' }] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${model}, ${cpus().length} cores, ${memory} GiB, ${platform()} ${arch()}, Node.js ${process.versions.node}`;
}

function row(cells) {
  return `| ${cells.join(' | ')} |`;
}

/** Figures stand at the right. */
function isText(rows, index) {
  return rows.some((cells) => /^[^×\d]/.test(String(cells[index])));
}

function padded(text, width, index) {
  return index === 0 ? text.padEnd(width) : text.padStart(width);
}
