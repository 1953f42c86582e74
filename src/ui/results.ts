/** Results as text: fitted to the terminal, one after the other or one in place of the other. */
import { stringify } from 'yaml';

import { renderFindings } from './findings.js';
import type { Output } from './output.js';
import { renderTable } from './table.js';
import { sanitize } from './text.js';
import { renderTimeline } from './timeline.js';
import { renderTopology } from './topology.js';
import type { Results, Screen } from './ui.js';

/** Results that are written as they come; `write` gets texts without a line end. */
export function resultsTo(write: (text: string) => void, { out, outColumns, blocks }: Output): Results {
  return {
    print: (text) => write(sanitize(text)),
    showDocument: (format, value) => write(sanitize(documentText(format, value))),
    showTable: (table) => write(renderTable(table, outColumns())),
    showTopology: (topology) => write(renderTopology(topology, { colour: out, columns: outColumns() })),
    showFindings: (findings) => write(renderFindings(findings, { colour: out, columns: outColumns() })),
    showTimeline: (bars) => write(renderTimeline(bars, { colour: out, columns: outColumns(), blocks }).join('\n')),
  };
}

/** By way of JSON, so that both leave out what is not known. */
function documentText(format: 'json' | 'yaml', value: unknown): string {
  const json = JSON.stringify(value, undefined, 2);
  return format === 'json' ? json : stringify(JSON.parse(json), { lineWidth: 0 }).trimEnd();
}

/** On a terminal each screen is written over the one before, elsewhere below it. */
export function makeScreen(write: (text: string) => void, output: Output): Screen {
  const redraws = output.mayRedraw;
  let first = true;
  return {
    redraws,
    show: (draw) => {
      const texts: string[] = [];
      draw(resultsTo((text) => texts.push(text), output));
      const lines = texts.join('\n').split('\n');
      write(redraws ? overwriting(lines, first) : `${first ? '' : '\n'}${lines.join('\n')}\n`);
      first = false;
    },
  };
}

/** Written over line by line and only then cleared below: a screen that is emptied first flickers. */
function overwriting(lines: readonly string[], first: boolean): string {
  return `${first ? '\u001B[2J' : ''}\u001B[H${lines.map((line) => `${line}\u001B[K\n`).join('')}\u001B[J`;
}
