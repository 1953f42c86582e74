/** The end of a run in a few lines: what was done, what failed, what was not started, and how to go on. */
import type { LaneReport, RunReport } from '../engine/events.js';
import { approximate, duration } from './duration.js';
import type { Progress } from './progress.js';
import { asItWas, slowerThanExpected } from './run-timeline.js';
import { hangingIndent } from './text.js';
import { renderTimeline, type TimelineStyle } from './timeline.js';

/** The summary, line by line. The failures' details are not in it: they are shown as Problems. */
export function renderSummary(
  report: RunReport,
  progress: Progress,
  style: Pick<TimelineStyle, 'colour' | 'columns' | 'blocks'>,
): readonly string[] {
  const { colour, columns } = style;
  const title = (id: string): string => progress.info(id).title;
  const counts = [
    `${report.done.length} done`,
    `${report.ready.length} unchanged`,
    ...(report.failed.length > 0 ? [`${report.failed.length} failed`] : []),
    ...(report.notStarted.length > 0 ? [`${report.notStarted.length} not started`] : []),
  ].join(', ');
  const lines = [...hangingIndent('', `${outcome(report)} in ${duration(report.ms)}: ${counts}`, columns)];
  const list = (label: string, ids: readonly string[]): void => {
    if (ids.length > 0) lines.push(...hangingIndent(label, ids.map(title).join('; '), columns));
  };
  list(
    'failed:      ',
    report.failed.map(({ id }) => id),
  );
  list('not started: ', report.notStarted);
  if (report.failed.length > 0 && report.lanes.length > 1)
    lines.push(...hangingIndent('lanes:       ', told(report.lanes), columns));
  for (const { info, from, to } of slowerThanExpected(progress.ended)) {
    const took = `${info.title} took ${duration(to - from)}, expected were ${approximate(info.expectedMs)}`;
    lines.push(...hangingIndent('slower:      ', took, columns));
  }
  if (!report.ok)
    lines.push(...hangingIndent('to go on:    ', 'run the same command again; what is done stays done', columns));
  const [first = '', ...rest] = lines;
  return [...timelineOf(progress, style), report.ok ? colour.green(first) : colour.red(first), ...rest];
}

/** Which lanes failed, which went on to their end, and which stopped on the way. */
function told(lanes: readonly LaneReport[]): string {
  const states = ['failed', 'complete', 'unfinished'] as const;
  const groups = states.map((state) => [state, lanes.filter((each) => each.state === state)] as const);
  return groups
    .filter(([, members]) => members.length > 0)
    .map(([state, members]) => `${members.map(({ lane }) => lane).join(', ')} ${state}`)
    .join('; ');
}

function outcome({ ok, interrupted }: RunReport): string {
  if (ok) return 'finished';
  return interrupted ? 'interrupted' : 'failed';
}

/** The drawing with an empty line after it. A run of one step is told by its line alone. */
function timelineOf({ ended, started }: Progress, style: TimelineStyle): readonly string[] {
  const bars = asItWas(ended, started);
  return bars.length < 2 ? [] : [...renderTimeline(bars, { ...style, duration }), ''];
}
