/** Tables without borders, as kubectl prints them; one block per row if the terminal is too narrow. */
import stringWidth from 'string-width';
import { hangingIndent, legibleColumns, oneLine, pad } from './text.js';
import type { Cell, Table } from './ui.js';

const gap = 3;

/** The table as text, without a trailing line break; `no <name>` if it has no rows. */
export function renderTable({ name, columns, headings, hidden = [], rows }: Table, width: number): string {
  if (rows.length === 0) return `no ${name}`;
  const shown = <T>(row: readonly T[]): readonly T[] =>
    row.filter((_, index) => !hidden.includes(columns[index] ?? ''));
  const cells = [
    shown(columns).map((column) => (headings?.[column] ?? column).toUpperCase()),
    ...rows.map((row) => shown(row).map((cell) => oneLine(textOf(cell)))),
  ];
  const widths = shown(columns).map((_, index) => Math.max(...cells.map((row) => stringWidth(row[index] ?? ''))));
  const before = widths.slice(0, -1).reduce((sum, each) => sum + each + gap, 0);
  const fits = before + Math.min(widths.at(-1) ?? 0, legibleColumns) <= width;
  return fits ? asGrid(cells, widths, width) : asBlocks(cells, width);
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}

function asGrid(cells: readonly (readonly string[])[], widths: readonly number[], width: number): string {
  return cells
    .flatMap((row) => {
      const before = widths.slice(0, -1).map((each, index) => pad(row[index] ?? '', each + gap));
      return hangingIndent(before.join(''), row[widths.length - 1] ?? '', width);
    })
    .map((line) => line.trimEnd())
    .join('\n');
}

function asBlocks([head = [], ...rows]: readonly (readonly string[])[], width: number): string {
  const label = Math.max(...head.map((column) => stringWidth(column))) + 2;
  return rows
    .map((row) =>
      head.flatMap((column, index) => {
        const cell = row[index] ?? '';
        return cell === '' ? [] : hangingIndent(pad(`${column}:`, label), cell, width);
      }),
    )
    .map((lines) => lines.map((line) => line.trimEnd()).join('\n'))
    .join('\n\n');
}
