/** Surroundings for tests: streams that keep what is written, and a keyboard. */
import { PassThrough, Writable } from 'node:stream';
import type { Surroundings } from '../../src/ui/surroundings.js';

/** A stream that keeps its text; with `columns` it passes for a terminal, as far as ora looks. */
class KeptStream extends Writable {
  text = '';
  /** As of a pipe that nobody reads any more. */
  isBroken = false;
  readonly isTTY: boolean;
  readonly columns: number;

  constructor(isTTY: boolean, columns: number) {
    super();
    this.isTTY = isTTY;
    this.columns = columns;
    this.on('error', () => undefined);
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    if (!this.isBroken) this.text += chunk.toString();
    done(this.isBroken ? new TypeError('EPIPE') : undefined);
  }

  /** As those of a process, it stays open when what was piped into it has ended. */
  override end(): this {
    return this;
  }

  cursorTo(column: number): void {
    this.write(`\u001B[${column + 1}G`);
  }

  moveCursor(_columns: number, rows: number): void {
    this.write(`\u001B[${-rows}A`);
  }

  clearLine(): void {
    this.write('\u001B[0K');
  }
}

/** Surroundings whose streams can be looked into. */
export interface FakeSurroundings extends Surroundings {
  readonly stdin: PassThrough;
  readonly stdout: KeptStream;
  readonly stderr: KeptStream;
}

/** All three streams are terminals of so many columns, or, without columns, none is. */
export function fakeSurroundings(columns?: number, env: Surroundings['env'] = {}): FakeSurroundings {
  const isTty = columns !== undefined;
  const width = columns ?? 0;
  return {
    stdin: new PassThrough(),
    stdout: new KeptStream(isTty, width),
    stderr: new KeptStream(isTty, width),
    stdinIsTty: isTty,
    stdoutIsTty: isTty,
    stderrIsTty: isTty,
    columns: () => columns,
    rows: () => (isTty ? 24 : undefined),
    env,
  };
}
