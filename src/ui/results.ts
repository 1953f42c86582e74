/** Results as text: fitted to the terminal, one after another or each replacing the previous one. */
import { stringify } from 'yaml';
import { renderOverview } from './drawings/overview.js';
import { renderTimeline } from './drawings/timeline.js';
import { renderTopology } from './drawings/topology.js';
import { renderFindings } from './findings.js';
import { renderNext } from './next-steps.js';
import type { Output } from './output.js';
import { renderTable } from './table.js';
import { sanitize } from './text.js';
import type { Results, Screen } from './ui.js';

/** Results, written as they arrive; `write` receives text without a trailing line break. */
export function resultsTo(write: (text: string) => void, { out, outColumns, blocks }: Output): Results {
  return {
    print: (text) => write(sanitize(text)),
    showNext: (steps) => write(renderNext(steps, outColumns())),
    showDocument: (format, value) => write(sanitize(documentText(format, value))),
    showTable: (table) => write(renderTable(table, outColumns())),
    showOverview: (overview) => write(renderOverview(overview, { colour: out, columns: outColumns() })),
    showTopology: (topology) => write(renderTopology(topology, { colour: out, columns: outColumns() })),
    showFindings: (findings) => write(renderFindings(findings, { colour: out, columns: outColumns() })),
    showTimeline: (bars) => write(renderTimeline(bars, { colour: out, columns: outColumns(), blocks }).join('\n')),
  };
}

/** Through JSON, so that both formats omit unknown values. */
function documentText(format: 'json' | 'yaml', value: unknown): string {
  const json = JSON.stringify(value, undefined, 2);
  return format === 'json' ? json : stringify(JSON.parse(json), { lineWidth: 0 }).trimEnd();
}

/** On a terminal each screen overwrites the previous one; elsewhere it is appended. */
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

/** Overwritten line by line and cleared below afterwards: clearing first would flicker. */
function overwriting(lines: readonly string[], first: boolean): string {
  return `${first ? '\u001B[2J' : ''}\u001B[H${lines.map((line) => `${line}\u001B[K\n`).join('')}\u001B[J`;
}
