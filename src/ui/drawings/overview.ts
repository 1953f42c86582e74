/** Draws what is decided about at a glance: a title, and labelled lines beneath. */
import type { ChalkInstance } from 'chalk';
import stringWidth from 'string-width';
import { hangingIndent, oneLine, pad, sanitize, wrap } from '../text.js';
import type { Overview } from '../ui.js';

export interface OverviewStyle {
  readonly colour: ChalkInstance;
  readonly columns: number;
}

/** Below this width each label has a line of its own. */
const roomBeside = 60;

/** Without a line end. */
export function renderOverview({ title, parts }: Overview, { colour, columns }: OverviewStyle): string {
  const labels = Math.max(0, ...parts.map(({ label }) => stringWidth(label))) + 2;
  const beside = columns >= roomBeside;
  const lines = parts.flatMap(({ label, lines: texts }) => [
    ...(beside ? [] : [colour.dim(label)]),
    ...texts.flatMap((text, index) => {
      const [indent = ''] = /^ */.exec(text) ?? [];
      const margin = beside ? pad(index === 0 ? label : '', labels) : '  ';
      return hangingIndent(margin + indent, sanitize(text.trimStart()), columns).map((line, row) =>
        beside && index + row === 0 ? colour.dim(line.slice(0, label.length)) + line.slice(label.length) : line,
      );
    }),
  ]);
  return [...wrap(oneLine(title), columns).map((line) => colour.bold(line)), ...lines]
    .map((line) => line.trimEnd())
    .join('\n');
}
