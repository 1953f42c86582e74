/** Draws steps over time: one row per step, its bar from start to end, with the critical path highlighted. */
import type { ChalkInstance } from 'chalk';
import stringWidth from 'string-width';
import { approximate } from '../duration.js';
import { hangingIndent, pad, truncateMiddle } from '../text.js';
import type { Bar } from '../ui.js';

export interface TimelineStyle {
  readonly colour: ChalkInstance;
  /** Maximum line width; the drawing itself uses 40 to 200 columns of it. */
  readonly columns: number;
  /** Whether block characters can be shown; else the bars are of `#` and `=`. */
  readonly blocks: boolean;
  /** How to format a duration: as an estimate by default. Takes ms. */
  readonly duration?: (ms: number) => string;
  /** How long the whole took, in ms: until the end of the last bar by default. */
  readonly totalMs?: number;
}

/** Without a terminal lines may have any width; this width is still readable in a log. */
const unlimitedColumns = 120;
const widest = 200;

/** A title that is cut to fewer columns can no longer be told from others. */
const legibleLabel = 24;

/** Distances between two marks of the axis, in seconds. */
const marks = [1, 5, 10, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200];

/** Columns taken by a mark and the space after it. */
const markColumns = 6;

/** The drawing, line by line; empty if there are no bars. */
export function renderTimeline(bars: readonly Bar[], style: TimelineStyle): readonly string[] {
  const total = Math.max(style.totalMs ?? 0, ...bars.map(({ endMs }) => endMs));
  if (total === 0) return [];
  const word = style.duration ?? approximate;
  // One column stays free, so that no terminal breaks the line at its edge.
  const columns = (Number.isFinite(style.columns) ? Math.min(style.columns, widest) : unlimitedColumns) - 1;
  const times = Math.max(...bars.map((bar) => word(bar.endMs - bar.startMs).length));
  const longestLabel = Math.max(...bars.map(({ label }) => stringWidth(label)));
  const half = Math.floor(columns / 2);
  // Titles often differ in their middle alone: where little of them would be left, each has a line of its own.
  const isStacked = longestLabel > half && half < legibleLabel;
  const labels = isStacked ? 1 : Math.min(longestLabel, half);
  const cells = Math.max(8, columns - labels - times - 2);
  const rows = bars.flatMap((bar) => {
    const time = word(bar.endMs - bar.startMs).padStart(times);
    const row = `${drawn(bar, total, cells, style)} ${time}`;
    if (isStacked) return [truncateMiddle(bar.label, columns), `  ${row}`];
    return [`${pad(truncateMiddle(bar.label, labels), labels)} ${row}`];
  });
  return [`${' '.repeat(labels)} ${axis(total, cells)}`.trimEnd(), ...rows, ...legend(bars, total, style)];
}

/** The row of cells containing the bar; even the shortest step gets one cell. */
function drawn(bar: Bar, total: number, cells: number, { colour, blocks }: TimelineStyle): string {
  const from = Math.min(cells - 1, Math.floor((bar.startMs / total) * cells));
  const to = Math.min(cells, Math.max(from + 1, Math.round((bar.endMs / total) * cells)));
  const text = fill(bar, blocks).repeat(to - from);
  const tint = bar.failed === true ? colour.red : bar.longest ? colour.cyan : colour.dim;
  return ' '.repeat(from) + tint(text) + ' '.repeat(cells - to);
}

function fill({ longest, failed }: Pick<Bar, 'longest' | 'failed'>, blocks: boolean): string {
  if (failed === true) return blocks ? '▓' : 'x';
  if (longest) return blocks ? '█' : '#';
  return blocks ? '▒' : '=';
}

/** The marks above the bars, as dense as is readable. */
function axis(total: number, cells: number): string {
  const seconds = total / 1000;
  const every = marks.find((each) => (each / seconds) * cells >= markColumns) ?? Math.ceil(seconds);
  let line = '';
  for (let at = 0; at <= seconds; at += every) {
    const column = Math.floor((at / seconds) * cells);
    const text = every < 60 ? `${at}s` : `${at / 60}m`;
    if (column + text.length > cells) break;
    line = line.padEnd(column) + text;
  }
  return line;
}

function legend(bars: readonly Bar[], total: number, { blocks, columns, duration }: TimelineStyle): readonly string[] {
  const word = duration ?? approximate;
  const kind = (text: string, is: Pick<Bar, 'longest' | 'failed'>): string => `${fill(is, blocks)} ${text}`;
  const kinds = [
    kind(`critical path: ${word(total)}`, { longest: true }),
    ...(bars.some(({ longest, failed }) => !longest && failed !== true)
      ? [kind('in parallel', { longest: false })]
      : []),
    ...(bars.some(({ failed }) => failed) ? [kind('failed', { longest: false, failed: true })] : []),
  ];
  return hangingIndent('', kinds.join('   '), columns);
}
