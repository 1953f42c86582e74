/** The end of a run in a few lines: what was done, what failed, what was not started, and how to continue. */
import type { LaneReport, RunReport } from '../engine/events.js';
import { asItWas, slowerThanExpected } from './drawings/run-timeline.js';
import { renderTimeline, type TimelineStyle } from './drawings/timeline.js';
import { approximate, duration } from './duration.js';
import type { Progress } from './progress.js';
import { hangingIndent } from './text.js';

/** The summary, line by line. Details of failures are shown separately, as Problems. */
export function renderSummary(
  report: RunReport,
  progress: Progress,
  style: Pick<TimelineStyle, 'colour' | 'columns' | 'blocks'>,
): readonly string[] {
  const { colour, columns } = style;
  const title = (id: string): string => progress.info(id).title;
  const lasting = (ids: readonly string[]): readonly string[] => ids.filter((id) => !progress.info(id).perRun);
  const counts = [
    `${lasting(report.done).length} done`,
    `${lasting(report.ready).length} unchanged`,
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
    lines.push(...hangingIndent('scopes:      ', told(report.lanes), columns));
  for (const { info, from, to } of slowerThanExpected(progress.ended)) {
    const took = `${info.title} took ${duration(to - from)} (expected ${approximate(info.expectedMs)})`;
    lines.push(...hangingIndent('slower:      ', took, columns));
  }
  if (!report.ok)
    lines.push(
      ...hangingIndent('to continue: ', 'run the same command again; completed steps are not repeated', columns),
    );
  const [first = '', ...rest] = lines;
  return [
    ...timelineOf(progress, { ...style, totalMs: report.ms }),
    report.ok ? colour.green(first) : colour.red(first),
    ...rest,
  ];
}

/** Which members failed, which completed, and which stopped midway. */
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

/** The drawing followed by an empty line. For a run of one step its line is enough. */
function timelineOf({ ended, started }: Progress, style: TimelineStyle): readonly string[] {
  const bars = asItWas(ended, started);
  return bars.length < 2 ? [] : [...renderTimeline(bars, { ...style, duration }), ''];
}
