/** Formats the live view of a run: how far it is, how long it still takes, and one line for the parent and each member in work. */

import stringWidth from 'string-width';
import { counted } from '../errors/counted.js';
import { approximate, duration } from './duration.js';
import type { Progress, RunningStep } from './progress.js';
import { pad, truncate, truncateMiddle } from './text.js';

export interface ViewOptions {
  /** In ms since the epoch. */
  readonly now: number;
  /** Maximum width of a line. */
  readonly columns: number;
  /** Height of the terminal. */
  readonly rows: number;
  /** The user asked to stop: what has not begun will not begin. */
  readonly stopping: boolean;
}

/** One line of the view; the detail may be shown in another colour. */
export interface ViewLine {
  readonly text: string;
  readonly detail: string;
}

/** Minimum width at which a progress line is still informative. */
const legible = 8;

/** Width at which it is worth more than the title of the step. */
const comfortable = 36;

const indent = '  ';
const gap = '  ';

const separator = ' · ';

/**
 * The view, line by line: at most half of the terminal, so that finished steps remain in sight. Empty when no run is in progress.
 */
export function liveView(progress: Progress, options: ViewOptions): readonly ViewLine[] {
  if (progress.running.length === 0) return [];
  const { columns, rows } = options;
  const room = Math.max(0, Math.floor(rows / 2) - 1);
  const things = thingsInWork(progress, options.now);
  const shown = things.length > room ? things.slice(0, Math.max(0, room - 1)) : things;
  const more = things.length > room && room > 0 ? [`  + ${things.length - shown.length} more`] : [];
  const alone = (line: string): ViewLine => ({ text: truncate(line, columns), detail: '' });
  return [alone(overall(progress, options)), ...linesOf(shown, options), ...more.map(alone)];
}

/** How far the run is, e.g. `3 of 20 steps, ~8m left`. */
export function overall(progress: Progress, { now, stopping }: Pick<ViewOptions, 'now' | 'stopping'>): string {
  if (stopping) return `stopping: waiting for what runs (${progress.running.length})`;
  const all = progress.steps.filter(({ perRun }) => !perRun).length;
  const over = progress.ended.filter(({ info }) => !info.perRun).length;
  const steps = `${over} of ${counted(all, 'step')}`;
  // What will not start any more is not known here.
  if (progress.hasFailed) return `${steps}, not all succeeded`;
  const { ms, late } = progress.timeLeft(now);
  return `${steps}, ${late ? `at least ${approximate(ms).slice(1)}` : approximate(ms)} left`;
}

interface ThingInWork {
  /** The parent, a member, …; shorter than the title of the step. */
  readonly name: string;
  readonly step: RunningStep;
  /** How many others of this scope run, e.g. ` (+2)`; empty if there are none. */
  readonly others: string;
}

/**
 * The scopes in the order of the pipeline, each with the step that has the most time remaining: all others probably wait for it. If only
 * one scope is in work, its steps.
 */
export function thingsInWork({ steps, running }: Pick<Progress, 'steps' | 'running'>, now: number): ThingInWork[] {
  const toGo = ({ info, since }: RunningStep): number => since + info.expectedMs - now;
  const lanes = new Set(running.map(({ info }) => info.lane));
  if (lanes.size === 1) return running.map((step) => ({ name: step.info.title, step, others: '' }));
  return [...new Set(steps.map(({ lane }) => lane))].flatMap((lane) => {
    const own = running.filter(({ info }) => info.lane === lane);
    const [step] = own.toSorted((a, b) => toGo(b) - toGo(a));
    return step === undefined ? [] : [{ name: lane, step, others: own.length > 1 ? ` (+${own.length - 1})` : '' }];
  });
}

/**
 * Titles where they leave room for what the tools report; otherwise the names of the scopes, which are shorter. A title that was left
 * out stands for a tool that has reported nothing yet.
 */
function linesOf(things: readonly ThingInWork[], { now, columns }: ViewOptions): readonly ViewLine[] {
  const times = things.map(({ step }) => timesOf(step, now));
  const room = columns - widest(times) - indent.length - gap.length;
  const titles = things.map(({ step, others }) => step.info.title + others);
  const forDetails = things.some(({ step }) => step.line !== '') ? separator.length + comfortable : 0;
  const isWide = widest(titles) + forDetails <= room;
  const heads = isWide ? titles : things.map(({ name, others }) => name + others);
  const width = Math.max(0, Math.min(widest(heads), room));
  return things.map(({ step, name }, index) => {
    const head = pad(truncateMiddle(heads[index] ?? '', width), width);
    const text = truncate(`${indent}${head}${gap}${pad(times[index] ?? '', widest(times))}`, columns);
    const detail = isWide || name === step.info.title ? step.line : step.line || step.info.title;
    const left = columns - stringWidth(text) - separator.length;
    if (detail === '' || left < legible) return { text: text.trimEnd(), detail: '' };
    return { text, detail: separator + truncateMiddle(detail, left) };
  });
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => stringWidth(text)));
}

/** e.g. `3m 29s of ~18m`. */
export function timesOf({ info, since, changing }: RunningStep, now: number): string {
  const expected = changing && info.expectedMs > 0 ? ` of ${approximate(info.expectedMs)}` : '';
  return `${duration(now - since)}${expected}`;
}
