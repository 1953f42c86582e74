/** A run as plain lines for log files and CI: what is done and what failed, and a sign of life while nothing is. */

import { Chalk } from 'chalk';
import type { Emit, RunEvent, StepInfo } from '../engine/events.js';
import { counted } from '../errors/counted.js';
import type { Problem } from '../errors/problem.js';
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

/** Steps that took less share a line, in ms; so long such a line waits for others. */
const quick = { ms: 15_000, waitMs: 10_000 } as const;

/** Results of the same kind of several steps. */
interface Shared {
  readonly label: string;
  readonly titles: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** Writes a log of one line per step, or per several quick ones. What a tool reports while it waits is in its own log. */
export class PlainLog {
  readonly #place: PlainPlace;
  readonly #progress = new Progress();
  #lastAt = 0;
  #silenceMs: number = silence.firstMs;
  #shared: Shared | undefined;
  #ticking: NodeJS.Timeout | undefined;

  constructor(place: PlainPlace) {
    this.#place = place;
  }

  readonly emit: Emit = (event) => {
    this.#progress.follow(event);
    if (event.type === 'run-started') this.#start(event.at);
    const lines = isQuick(event) ? [] : linesOf(event, this.#progress);
    for (const line of lines) this.#tell(event.at, line);
    if (isQuick(event)) this.#share(event.at, labels[event.type], this.#progress.info(event.id));
    if (lines.length === 0) this.#signOfLife(event.at);
    if (event.type !== 'run-finished') return;
    this.close();
    const { write, blocks } = this.#place;
    const style = { colour: new Chalk({ level: 0 }), columns: Number.POSITIVE_INFINITY, blocks };
    for (const line of renderSummary(event.report, this.#progress, style)) write(line.trimEnd());
  };

  close(): void {
    this.#tellShared();
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

  #share(at: number, label: string, { title, perRun }: StepInfo): void {
    if (perRun) return;
    if (this.#shared?.label !== label || at - this.#shared.from >= quick.waitMs) this.#tellShared();
    const { titles, from } = this.#shared ?? { titles: [], from: at };
    this.#shared = { label, titles: [...titles, title], from, to: at };
  }

  #tellShared(): void {
    const shared = this.#shared;
    this.#shared = undefined;
    if (shared !== undefined) this.#tell(shared.to, `${shared.label} ${shared.titles.join('; ')}`);
  }

  #tell(at: number, line: string): void {
    this.#tellShared();
    this.#lastAt = at;
    this.#place.write(`${formatOffset(at - this.#progress.started)} ${line}`);
  }

  #signOfLife(now: number): void {
    if (now - (this.#shared?.from ?? now) >= quick.waitMs) this.#tellShared();
    if (now - this.#lastAt < this.#silenceMs || this.#progress.running.length === 0) return;
    this.#silenceMs = Math.min(2 * this.#silenceMs, silence.longestMs);
    const [first, ...more] = thingsInWork(this.#progress, now);
    if (first === undefined) return;
    const others = more.length > 0 ? ` (+ ${more.length} more)` : '';
    const far = overall(this.#progress, { now, stopping: this.#place.stop?.aborted === true });
    this.#tell(now, `${far}: ${first.step.info.title} ${timesOf(first.step, now)}${others}`);
  }
}

/** What failed, with the first of its reasons; the summary has them all. */
function shortReason({ message, why }: Problem): string {
  const [first] = (why ?? '').split('; ');
  return oneLine(first ? `${message}: ${first}` : message);
}

const labels = { 'step-ready': 'unchanged:', 'step-done': 'done:     ' } as const;

function isQuick(event: RunEvent): event is Extract<RunEvent, { readonly type: keyof typeof labels }> {
  if (event.type === 'step-ready') return event.note === undefined;
  return event.type === 'step-done' && event.ms < quick.ms;
}

function linesOf(event: RunEvent, progress: Progress): readonly string[] {
  switch (event.type) {
    case 'run-started': {
      const { length } = event.steps.filter(({ perRun }) => !perRun);
      return [`${counted(length, 'step')}, ${approximate(progress.timeLeft(event.at).ms)}`];
    }
    case 'step-ready':
      if (progress.info(event.id).perRun) return [];
      return [`${labels[event.type]} ${progress.info(event.id).title} (${oneLine(event.note ?? '')})`];
    case 'step-progress':
      return event.lasting ? [`note:      ${progress.info(event.id).title}: ${oneLine(event.line)}`] : [];
    case 'step-done':
      if (progress.info(event.id).perRun) return [];
      return [`${labels[event.type]} ${progress.info(event.id).title} (${duration(event.ms)})`];
    case 'step-failed':
      return [`failed:    ${progress.info(event.id).title} (${duration(event.ms)}): ${shortReason(event.problem)}`];
    default:
      return [];
  }
}
