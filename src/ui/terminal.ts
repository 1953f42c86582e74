/** A run in a terminal: one permanent line per finished step, and below them a live view of what is in work. */

import type { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { ChalkInstance } from 'chalk';
import type { Ora } from 'ora';
import ora from 'ora';
import stringWidth from 'string-width';
import type { Emit, RunEvent } from '../engine/events.js';
import { duration } from './duration.js';
import { liveView } from './live-view.js';
import { Progress } from './progress.js';
import { renderSummary } from './summary.js';
import { hangingIndent, oneLine } from './text.js';

export interface Screen {
  readonly stream: Writable;
  readonly colour: ChalkInstance;
  readonly columns: () => number;
  readonly rows: () => number;
  readonly blocks: boolean;
  /** The run's time, in ms since the epoch. */
  readonly now: () => number;
  /** Aborted when the user asks to stop. */
  readonly stop?: AbortSignal | undefined;
}

/** How often the live view is updated, in ms: it shows seconds. */
const refreshMs = 500;

/** How often it is drawn, in ms: often enough for its first mark to move, seldom enough not to flicker. */
const frameMs = 160;

/** The mark before the first line and its space. */
const markColumns = 2;

/**
 * Draws a run until it finishes or is closed. ora draws several lines, and moves them out of the way of whatever else is written to the
 * terminal; log-update would have to be told of every such text.
 */
export class Terminal {
  readonly #screen: Screen;
  readonly #progress = new Progress();
  #spinner: Ora | undefined;
  #refreshing: NodeJS.Timeout | undefined;
  #isPaused = false;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  readonly emit: Emit = (event) => {
    this.#progress.follow(event);
    if (event.type === 'run-started') this.#start();
    if (event.type === 'run-finished') this.close();
    // Before the line: ora draws the view again below it.
    this.#refresh();
    for (const line of this.#linesOf(event)) this.#screen.stream.write(`${line}\n`);
  };

  close(): void {
    clearInterval(this.#refreshing);
    this.#screen.stream.off('resize', this.#resized);
    this.#spinner?.stop();
    this.#spinner = undefined;
  }

  /** Leaves the terminal to a question until it is answered. */
  async paused<V>(question: () => Promise<V>): Promise<V> {
    this.#isPaused = true;
    this.#refresh();
    try {
      return await question();
    } finally {
      this.#isPaused = false;
      this.#refresh();
    }
  }

  #start(): void {
    const { stream, colour } = this.#screen;
    const color = colour.level > 0 ? 'cyan' : false;
    // Standard input is left alone, so that Ctrl-C, Ctrl-Z and the terminal's own settings work as usual.
    this.#spinner = ora({ stream, color, discardStdin: false, isEnabled: true, interval: frameMs, text: '' });
    stream.on('resize', this.#resized);
    this.#refreshing = setInterval(() => this.#refresh(), refreshMs);
    this.#refreshing.unref();
  }

  #refresh(): void {
    const { columns, rows, now, stop, colour } = this.#screen;
    if (this.#spinner === undefined) return;
    // One column stays free, so that no terminal breaks the line at its edge.
    const size = { columns: columns() - markColumns - 1, rows: rows() };
    const view = liveView(this.#progress, { ...size, now: now(), stopping: stop?.aborted === true });
    // The cursor gets a line of its own: not every terminal folds the one with the cursor when it becomes narrower (xterm.js does not).
    this.#spinner.text = view.map(({ text, detail }) => `${text}${colour.dim(detail)}\n`).join('');
    if (view.length === 0 || this.#isPaused) this.#spinner.stop();
    else if (!this.#spinner.isSpinning) this.#spinner.start();
  }

  /** A narrower terminal has folded the lines that were drawn, and ora clears as many lines as it drew. */
  readonly #resized = (): void => {
    const { stream, columns } = this.#screen;
    if (!this.#spinner?.isSpinning) return;
    const drawn = stripVTControlCharacters(this.#spinner.text).split('\n');
    const rowsOf = (line: string, index: number): number =>
      Math.ceil((stringWidth(line) + (index === 0 ? markColumns : 0)) / Math.max(1, columns()));
    const folded = drawn.reduce((sum, line, index) => sum + Math.max(0, rowsOf(line, index) - 1), 0);
    this.#spinner.clear();
    if (folded > 0) stream.write(`\u001B[${folded}A\u001B[J`);
    this.#refresh();
  };

  #linesOf(event: RunEvent): readonly string[] {
    const { colour, blocks } = this.#screen;
    const columns = this.#screen.columns();
    const titled = (mark: string, id: string, rest: string): readonly string[] =>
      hangingIndent(`${mark} `, `${this.#progress.info(id).title}${rest}`, columns);
    switch (event.type) {
      case 'step-ready':
        if (this.#progress.info(event.id).perRun) return [];
        return titled('✔', event.id, ` · ${oneLine(event.note ?? 'unchanged')}`).map((line) => colour.dim(line));
      case 'step-progress':
        return event.lasting ? titled(colour.yellow('!'), event.id, `: ${oneLine(event.line)}`) : [];
      case 'step-done':
        if (this.#progress.info(event.id).perRun) return [];
        return titled(colour.green('✔'), event.id, colour.dim(` ${duration(event.ms)}`));
      case 'step-failed':
        return titled(colour.red('✖'), event.id, ` ${duration(event.ms)}: ${oneLine(event.problem.message)}`);
      case 'run-finished':
        return ['', ...renderSummary(event.report, this.#progress, { colour, columns, blocks }), ''];
      default:
        return [];
    }
  }
}
