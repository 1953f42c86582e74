/** A real pseudo-terminal: runs a command in it, waits for what it shows, and types. */
import { spawn, spawnSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'vitest';

/** `script` of util-linux gives a command a terminal of its own. */
export const hasTerminals = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux');

export const keys = {
  enter: '\r',
  down: '\u001B[B',
  up: '\u001B[A',
  ctrlC: '\u0003',
  esc: '\u001B',
  clear: '\u0015',
} as const;

export interface Terminal {
  /** Waits until this text appears after everything that was waited for before. */
  readonly until: (text: string) => Promise<void>;
  readonly type: (...texts: readonly string[]) => void;
  /** Everything shown so far, without control sequences. */
  readonly shown: () => string;
  /** As it came, with control sequences. */
  readonly raw: () => string;
  readonly ended: Promise<number | null>;
}

export interface TerminalOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly columns?: number;
  readonly rows?: number;
}

/** Starts a command line in a terminal; without `CI`, whose presence forbids questions. */
export function startTerminal(command: string, { env, cwd, columns = 100, rows = 40 }: TerminalOptions): Terminal {
  const { CI: _, ...surroundings } = process.env;
  const sized = `stty cols ${columns} rows ${rows}; exec ${command}`;
  const child = spawn('script', ['-qfec', sized, '/dev/null'], {
    cwd,
    env: { ...surroundings, TERM: 'xterm', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let raw = '';
  let seen = 0;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    raw += chunk;
  });
  const shown = (): string => stripVTControlCharacters(raw).replaceAll('\r', '');
  return {
    shown,
    raw: () => raw,
    ended: new Promise((resolve) => child.on('close', resolve)),
    type: (...texts) => {
      for (const text of texts) child.stdin.write(text);
    },
    until: async (text) => {
      await expect.poll(() => shown().slice(seen), { timeout: 60_000, interval: 20 }).toContain(text);
      seen = shown().indexOf(text, seen) + text.length;
    },
  };
}
