/** A run in a terminal: one permanent line per finished step, and one live line at the bottom. */
import type { Writable } from 'node:stream';
import type { ChalkInstance } from 'chalk';
import type { Ora } from 'ora';
import ora from 'ora';
import type { Emit, RunEvent } from '../engine/events.js';
import { duration } from './duration.js';
import { liveLine } from './live-line.js';
import { Progress } from './progress.js';
import { renderSummary } from './summary.js';
import { hangingIndent, oneLine } from './text.js';

export interface Screen {
  readonly stream: Writable;
  readonly colour: ChalkInstance;
  readonly columns: () => number;
  readonly blocks: boolean;
  /** The run's time, in ms since the epoch. */
  readonly now: () => number;
}

/** How often the live line is updated, in ms: it shows seconds. */
const refreshMs = 500;

/** Draws a run until it finishes or is closed. */
export class Terminal {
  readonly #screen: Screen;
  readonly #progress = new Progress();
  #spinner: Ora | undefined;
  #refreshing: NodeJS.Timeout | undefined;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  readonly emit: Emit = (event) => {
    this.#progress.follow(event);
    if (event.type === 'run-started') this.#start();
    if (event.type === 'run-finished') this.close();
    // ora moves its line out of the way of other output to the terminal.
    for (const line of this.#linesOf(event)) this.#screen.stream.write(`${line}\n`);
    this.#refresh();
  };

  close(): void {
    clearInterval(this.#refreshing);
    this.#spinner?.stop();
    this.#spinner = undefined;
  }

  #start(): void {
    const { stream, colour } = this.#screen;
    const tinted = colour.level > 0 ? 'cyan' : false;
    // Standard input is left alone, so that Ctrl-C, Ctrl-Z and the terminal's own settings work as usual.
    this.#spinner = ora({ stream, color: tinted, discardStdin: false, isEnabled: true, text: '' });
    this.#refreshing = setInterval(() => this.#refresh(), refreshMs);
    this.#refreshing.unref();
  }

  #refresh(): void {
    const { columns, now } = this.#screen;
    if (this.#spinner === undefined) return;
    // Two for the spinner and its space, one so that no terminal breaks the line at its edge.
    this.#spinner.text = liveLine(this.#progress.running, now(), columns() - 3);
    if (this.#spinner.text === '') this.#spinner.stop();
    else if (!this.#spinner.isSpinning) this.#spinner.start();
  }

  #linesOf(event: RunEvent): readonly string[] {
    const { colour, blocks } = this.#screen;
    const columns = this.#screen.columns();
    const titled = (mark: string, id: string, rest: string): readonly string[] =>
      hangingIndent(`${mark} `, `${this.#progress.info(id).title}${rest}`, columns);
    switch (event.type) {
      case 'step-ready':
        if (this.#progress.info(event.id).perRun) return [];
        return titled('✔', event.id, ` · ${oneLine(event.note ?? 'unchanged')}`).map((line) => colour.dim(line));
      case 'step-done':
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
