/** Shows commands to go on with: each with its purpose, in lines that can be pasted as they are. */
import { sanitize, wrap } from './text.js';
import type { NextStep } from './ui.js';

const margin = '  ';

/** Without a line end. */
export function renderNext(steps: readonly NextStep[], columns: number): string {
  const lines = steps.flatMap(({ purpose, command }) => [
    ...wrap(sanitize(`${purpose}:`), columns),
    ...sanitize(command)
      .split('\n')
      .flatMap((line) => folded(line, columns - margin.length))
      .map((line) => margin + line),
  ]);
  return lines.join('\n');
}

/**
 * A command in lines that end with `\\`, never broken inside a word, and between a flag and its value only where both do not
 * fit; a line that is the inside of a quoted text stays as it is.
 */
function folded(command: string, columns: number): readonly string[] {
  if (command.length <= columns || /^\s|'$|^'/.test(command)) return [command];
  const pieces = command.match(/--[\w-]+ (?!-)(?:'[^']*'|\\.|[^\s'\\])+|(?:'[^']*'|\\.|[^\s'\\])+/g) ?? [command];
  const words = pieces.flatMap((piece) =>
    piece.length > columns - 4 && piece.startsWith('--')
      ? (/^(--[\w-]+) (.+)$/.exec(piece)?.slice(1) ?? [piece])
      : [piece],
  );
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    // Two columns for the backslash of a line that is not the last.
    if (last !== undefined && `${last} ${word}`.length <= columns - 2) lines.splice(-1, 1, `${last} ${word}`);
    else lines.push(last === undefined ? word : margin + word);
  }
  return lines.map((line, index) => (index < lines.length - 1 ? `${line} \\` : line));
}
