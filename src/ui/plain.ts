/** A run as plain lines for log files and CI: no colour, no animation, each line with the time since the start. */

import { Chalk } from 'chalk';
import type { Emit, RunEvent } from '../engine/events.js';
import { duration, formatOffset } from './duration.js';
import type { Output } from './output.js';
import { Progress } from './progress.js';
import { renderSummary } from './summary.js';
import { oneLine } from './text.js';

/** The subscriber; `write` receives one line at a time, without the line break. */
export function plainSubscriber(write: (line: string) => void, { blocks }: Pick<Output, 'blocks'>): Emit {
  const progress = new Progress();
  return (event) => {
    progress.follow(event);
    for (const line of linesOf(event, progress, blocks))
      write(`${formatOffset(event.at - progress.started)} ${line}`.trimEnd());
  };
}

function linesOf(event: RunEvent, progress: Progress, blocks: boolean): readonly string[] {
  switch (event.type) {
    case 'run-started': {
      const { length } = event.steps.filter(({ perRun }) => !perRun);
      return [length === 1 ? '1 step' : `${length} steps`];
    }
    case 'step-checking':
      return [];
    case 'step-ready':
      if (progress.info(event.id).perRun) return [];
      return [
        `unchanged: ${progress.info(event.id).title}${event.note === undefined ? '' : ` (${oneLine(event.note)})`}`,
      ];
    case 'step-started':
      return [
        `started:   ${progress.info(event.id).title}`,
        ...event.changes.map((change) => `             ${oneLine(change)}`),
      ];
    case 'step-progress':
      return [`           ${progress.info(event.id).title}: ${oneLine(event.line)}`];
    case 'step-done':
      return [`done:      ${progress.info(event.id).title} (${duration(event.ms)})`];
    case 'step-failed':
      return [`failed:    ${progress.info(event.id).title} (${duration(event.ms)}): ${oneLine(event.problem.message)}`];
    case 'run-finished':
      return renderSummary(event.report, progress, {
        colour: new Chalk({ level: 0 }),
        columns: Number.POSITIVE_INFINITY,
        blocks,
      });
  }
}
