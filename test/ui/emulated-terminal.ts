/** A terminal that is emulated: a stream like standard error, and the screen that it leaves, folded anew when its size changes. */
import { clearLine, cursorTo, moveCursor } from 'node:readline';
import { Writable } from 'node:stream';
import xterm from '@xterm/headless';

/** What Node's terminal streams have, as far as ora uses it. */
class TerminalStream extends Writable {
  readonly isTTY = true;
  columns: number;
  rows: number;
  readonly #onText: (text: string) => void;

  constructor(columns: number, rows: number, onText: (text: string) => void) {
    super();
    this.columns = columns;
    this.rows = rows;
    this.#onText = onText;
  }

  /** Prompts end their output; standard error stays open. */
  override end(): this {
    return this;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#onText(chunk.toString());
    done();
  }

  readonly cursorTo = (column: number): boolean => cursorTo(this, column);
  readonly moveCursor = (columns: number, rows: number): boolean => moveCursor(this, columns, rows);
  readonly clearLine = (direction: -1 | 0 | 1): boolean => clearLine(this, direction);
}

export interface EmulatedTerminal {
  readonly stream: TerminalStream;
  /** Everything that was written, with control sequences. */
  readonly raw: () => string;
  /** The lines of the screen without empty ones at the end; once all that was written is drawn. */
  readonly screen: () => Promise<readonly string[]>;
  /** Those that scrolled out of it and the screen. */
  readonly all: () => Promise<readonly string[]>;
  /** As when its window is changed: first the terminal folds its lines, then the program is told. */
  readonly resize: (columns: number, rows: number) => Promise<void>;
}

export function emulatedTerminal(columns: number, rows: number): EmulatedTerminal {
  // Line ends are translated, as the terminal driver does.
  const terminal = new xterm.Terminal({ cols: columns, rows, convertEol: true, allowProposedApi: true });
  let raw = '';
  const stream = new TerminalStream(columns, rows, (text) => {
    raw += text;
    terminal.write(text);
  });
  const drawn = (): Promise<void> => new Promise((done) => terminal.write('', done));
  const linesFrom = (first: number): readonly string[] => {
    const { active } = terminal.buffer;
    const lines = Array.from({ length: active.length - first }, (_, row) =>
      (active.getLine(first + row)?.translateToString(true) ?? '').trimEnd(),
    );
    return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
  };
  return {
    stream,
    raw: () => raw,
    screen: async () => {
      await drawn();
      return linesFrom(terminal.buffer.active.baseY);
    },
    all: async () => {
      await drawn();
      return linesFrom(0);
    },
    resize: async (newColumns, newRows) => {
      await drawn();
      terminal.resize(newColumns, newRows);
      Object.assign(stream, { columns: newColumns, rows: newRows });
      stream.emit('resize');
    },
  };
}
