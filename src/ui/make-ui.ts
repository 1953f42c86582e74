/** Puts the ui together: picks the subscriber that fits the surroundings. */
import type { Emit, RunEvent } from '../engine/events.js';
import { jsonLine } from './json.js';
import { decideOutput, type Output } from './output.js';
import { PlainLog } from './plain.js';
import { renderProblem } from './problem.js';
import { makeAsk } from './prompts.js';
import { makeScreen, resultsTo } from './results.js';
import { type Profiled, profiledUi } from './shown/profiled.js';
import { rehearsedUi } from './shown/rehearsed.js';
import type { Surroundings } from './surroundings.js';
import { Terminal } from './terminal.js';
import { sanitize, wrap } from './text.js';
import type { Cell, Table, Ui } from './ui.js';

/** What the user chose, and the clock of the run. */
export interface UiOptions {
  readonly json: boolean;
  /** Shows stacks. */
  readonly debug: boolean;
  /** In a rehearsal, the commands of the program; otherwise undefined. */
  readonly rehearsed?: readonly string[] | undefined;
  /** The profile that was asked for by flag, and the commands that have this flag. */
  readonly profiled?: Profiled | undefined;
  /** What a rehearsal changes in every text besides. */
  readonly shown?: ((text: string) => string) | undefined;
  /** The run's time, in ms since the epoch; a rehearsal's differs from the wall's. */
  readonly now: () => number;
  /** Aborted when the user asks to stop, which also ends an open question. */
  readonly stop?: AbortSignal;
}

/** The ui for these surroundings; decides once whether to animate, colour and ask. */
export function makeUi(surroundings: Surroundings, options: UiOptions): Ui {
  const { rehearsed, profiled, shown } = options;
  const plain = plainUi(surroundings, options);
  const ui = profiled === undefined ? plain : profiledUi(plain, profiled);
  return rehearsed === undefined ? ui : rehearsedUi(ui, rehearsed, shown);
}

function plainUi(surroundings: Surroundings, options: UiOptions): Ui {
  const { stdin, stdout, stderr } = surroundings;
  const output = decideOutput(surroundings, options.json);
  const { toOut, delivered } = outlet(stdout);
  const toErr = (text: string): void => void stderr.write(`${text}\n`);
  const note = (text: string): void => toErr(wrap(sanitize(text), output.errColumns()).join('\n'));
  const { alone, ...run } = runSubscriber(surroundings, output, options);
  const { mayAsk: possible, errColumns: columns } = output;
  const ask = makeAsk({ possible, stdin, stderr, stop: options.stop, columns, alone });
  const shared = { ...run, note, ask, delivered, resultsStay: stayOf(surroundings) };
  if (options.json) {
    const data: Ui['data'] = (type, fields) => toOut(jsonLine(type, { ...markOf(options), ...fields }));
    const showTable = (table: Table): void => data(table.name, { rows: rowsOf(table) });
    return {
      ...shared,
      data,
      print: () => {},
      showNext: () => {},
      showDocument: () => {},
      showTopology: () => {},
      showTimeline: () => {},
      showFindings: () => {},
      screen: { redraws: false, show: () => {} },
      showProblem: (problem) => data('problem', { problem }),
      showTable,
      showOverview: ({ tables }) => tables.forEach(showTable),
    };
  }
  return {
    ...shared,
    data: () => {},
    ...resultsTo(toOut, output),
    screen: makeScreen((text) => void stdout.write(text), output),
    showProblem: (problem) => {
      toErr(renderProblem(problem, { colour: output.err, columns: output.errColumns(), debug: options.debug }));
    },
  };
}

/** Lines on stdout, and whether all of them could be written. */
function outlet(stdout: Surroundings['stdout']): { toOut: (text: string) => void; delivered: Ui['delivered'] } {
  let isLost = false;
  const write = (text: string, then = (): void => {}): void =>
    void stdout.write(text, (error) => {
      if (error != null) isLost = true;
      then();
    });
  return {
    toOut: (text) => write(`${text}\n`),
    delivered: () => new Promise((resolve) => write('', () => resolve(!isLost))),
  };
}

function stayOf({ stdoutIsTty, stdoutMode = 0 }: Surroundings): Ui['resultsStay'] {
  if (stdoutIsTty) return 'on-screen';
  return (stdoutMode & 0o044) === 0 ? undefined : 'readable-by-others';
}

interface RunSubscriber {
  readonly emit: Emit;
  readonly close: () => void;
  readonly alone: <V>(question: () => Promise<V>) => Promise<V>;
}

/** The subscriber to a run: JSON lines on stdout, a live terminal or plain lines on stderr. */
function runSubscriber({ stdout, stderr }: Surroundings, output: Output, options: UiOptions): RunSubscriber {
  const { json, now, stop } = options;
  const alone: RunSubscriber['alone'] = (question) => question();
  if (json) {
    const line = ({ type, ...fields }: RunEvent): string => jsonLine(type, { ...markOf(options), ...fields });
    return { emit: (event) => void stdout.write(`${line(event)}\n`), close: () => {}, alone };
  }
  const { err: colour, errColumns: columns, rows, blocks } = output;
  if (!output.mayAnimate) {
    const log = new PlainLog({ write: (line) => void stderr.write(`${line}\n`), blocks, now, stop });
    return { emit: log.emit, close: () => log.close(), alone };
  }
  const terminal = new Terminal({ stream: stderr, colour, columns, rows, blocks, now, stop });
  return { emit: terminal.emit, close: () => terminal.close(), alone: (question) => terminal.paused(question) };
}

/** On every line, so that a program sees it wherever it starts reading. */
function markOf({ rehearsed }: UiOptions): { readonly rehearsal?: true } {
  return rehearsed === undefined ? {} : { rehearsal: true };
}

function rowsOf({ columns, rows, whole = rows }: Table): readonly Readonly<Record<string, unknown>>[] {
  const dataOf = (cell: Cell = ''): string | number | undefined => (typeof cell === 'string' ? cell : cell.value);
  return whole.map((row) => Object.fromEntries(columns.map((column, index) => [column, dataOf(row[index])])));
}
