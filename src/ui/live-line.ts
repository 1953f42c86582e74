/** Formats the live line of a run: which step is running, for how long, its expected duration, its latest progress. */
import stringWidth from 'string-width';
import { approximate, duration } from './duration.js';
import type { RunningStep } from './progress.js';
import { truncate } from './text.js';

/** Minimum width at which a progress line is still informative. */
const legible = 8;

/** The line, clipped to the given number of columns; `now` in ms since the epoch. Empty when no step is running. */
export function liveLine(running: readonly RunningStep[], now: number, columns: number): string {
  const shown = longestToGo(running, now);
  if (shown === undefined) return '';
  const { info, since, line, changing } = shown;
  const more = running.length > 1 ? ` (+${running.length - 1} more)` : '';
  const expected = changing && info.expectedMs > 0 ? ` of ${approximate(info.expectedMs)}` : '';
  const times = ` ${duration(now - since)}${expected}${more}`;
  const title = truncate(info.title, Math.max(columns - times.length, 12));
  const room = columns - stringWidth(title + times) - 3;
  return truncate(
    line === '' || room < legible ? title + times : `${title}${times} · ${truncate(line, room)}`,
    columns,
  );
}

/** The step with the most time remaining: probably the one that all others wait for. */
function longestToGo(running: readonly RunningStep[], now: number): RunningStep | undefined {
  const toGo = ({ info, since }: RunningStep): number => since + info.expectedMs - now;
  return running.reduce<RunningStep | undefined>(
    (longest, step) => (longest === undefined || toGo(step) > toGo(longest) ? step : longest),
    undefined,
  );
}
