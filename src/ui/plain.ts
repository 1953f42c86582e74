/** A run as plain lines for log files and CI: what is done and what failed, and a sign of life while nothing is. */

import { Chalk } from 'chalk';
import type { Emit, RunEvent } from '../engine/events.js';
import { approximate, duration, formatOffset } from './duration.js';
import { overall, thingsInWork, timesOf } from './live-view.js';
import { Progress } from './progress.js';
import { renderSummary } from './summary.js';
import { oneLine } from './text.js';

interface PlainPlace {
  /** Receives one line at a time, without the line break. */
  readonly write: (line: string) => void;
  /** Whether block characters can be shown. */
  readonly blocks: boolean;
  /** The run's time, in ms since the epoch. */
  readonly now: () => number;
  /** Aborted when the user asks to stop. */
  readonly stop?: AbortSignal | undefined;
}

/** After so many ms without a line comes a sign of life; each further one takes twice as long, up to the longest. */
const silence = { firstMs: 60_000, longestMs: 300_000 } as const;

/** How often the silence is measured, in ms. */
const tickMs = 1_000;

/** Writes a log of one line per step. What a tool reports while it waits is in its own log. */
export class PlainLog {
  readonly #place: PlainPlace;
  readonly #progress = new Progress();
  #lastAt = 0;
  #silenceMs: number = silence.firstMs;
  #ticking: NodeJS.Timeout | undefined;

  constructor(place: PlainPlace) {
    this.#place = place;
  }

  readonly emit: Emit = (event) => {
    this.#progress.follow(event);
    if (event.type === 'run-started') this.#start(event.at);
    const lines = linesOf(event, this.#progress);
    for (const line of lines) this.#tell(event.at, line);
    if (lines.length === 0) this.#signOfLife(event.at);
    if (event.type !== 'run-finished') return;
    this.close();
    const { write, blocks } = this.#place;
    const style = { colour: new Chalk({ level: 0 }), columns: Number.POSITIVE_INFINITY, blocks };
    for (const line of renderSummary(event.report, this.#progress, style)) write(line.trimEnd());
  };

  close(): void {
    clearInterval(this.#ticking);
  }

  #start(at: number): void {
    this.close();
    this.#lastAt = at;
    this.#silenceMs = silence.firstMs;
    // A run that is given up without an end is not kept in memory by the signs of its life.
    const log = new WeakRef(this);
    const ticking = setInterval(() => {
      const live = log.deref();
      if (live === undefined) clearInterval(ticking);
      else live.#signOfLife(live.#place.now());
    }, tickMs);
    this.#ticking = ticking.unref();
  }

  #tell(at: number, line: string): void {
    this.#lastAt = at;
    this.#place.write(`${formatOffset(at - this.#progress.started)} ${line}`);
  }

  #signOfLife(now: number): void {
    if (now - this.#lastAt < this.#silenceMs || this.#progress.running.length === 0) return;
    this.#silenceMs = Math.min(2 * this.#silenceMs, silence.longestMs);
    const [first, ...more] = thingsInWork(this.#progress, now);
    if (first === undefined) return;
    const others = more.length > 0 ? ` (+ ${more.length} more)` : '';
    const far = overall(this.#progress, { now, stopping: this.#place.stop?.aborted === true });
    this.#tell(now, `${far}: ${first.step.info.title} ${timesOf(first.step, now)}${others}`);
  }
}

function linesOf(event: RunEvent, progress: Progress): readonly string[] {
  switch (event.type) {
    case 'run-started': {
      const { length } = event.steps.filter(({ perRun }) => !perRun);
      return [`${length === 1 ? '1 step' : `${length} steps`}, ${approximate(progress.timeLeft(event.at).ms)}`];
    }
    case 'step-ready':
      if (progress.info(event.id).perRun) return [];
      return [
        `unchanged: ${progress.info(event.id).title}${event.note === undefined ? '' : ` (${oneLine(event.note)})`}`,
      ];
    case 'step-progress':
      return event.lasting ? [`note:      ${progress.info(event.id).title}: ${oneLine(event.line)}`] : [];
    case 'step-done':
      if (progress.info(event.id).perRun) return [];
      return [`done:      ${progress.info(event.id).title} (${duration(event.ms)})`];
    case 'step-failed':
      return [`failed:    ${progress.info(event.id).title} (${duration(event.ms)}): ${oneLine(event.problem.message)}`];
    default:
      return [];
  }
}
