/** Fits text into columns: cleans, clips, pads and wraps by display width, not by characters. */
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';

/** The minimum width at which wrapped text is still readable. */
export const legibleColumns = 20;

const graphemes = new Intl.Segmenter();

/** What a terminal would interpret: control characters, and changes of the writing direction; not line breaks. */
const commands = /(?:[^\P{Cc}\n]|[\u2028-\u202E\u2066-\u2069])+/gu;

/** Text from a program, AWS or a file, as lines that a terminal only displays. */
export function sanitize(text: string): string {
  return stripVTControlCharacters(text).replaceAll('\r\n', '\n').replace(commands, ' ');
}

export function oneLine(text: string): string {
  return sanitize(text).replace(/\n+/g, ' ').trim();
}

/**
 * The text, clipped to the given number of columns; clipped text ends in `…`. Only for text without colour.
 * cli-truncate 5 and slice-ansi 8, the last for Node 20, return one column too many when the cut falls on a wide
 * character, and the live line would wrap.
 */
export function truncate(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let clipped = '';
  let width = 1;
  for (const { segment } of graphemes.segment(text)) {
    width += stringWidth(segment);
    if (width > columns) break;
    clipped += segment;
  }
  return columns < 1 ? '' : `${clipped.trimEnd()}…`;
}

/** The text, clipped in the middle to the given number of columns: names that begin alike often end differently. */
export function truncateMiddle(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  const tail = Math.floor((columns - 1) / 2);
  let end = '';
  for (const { segment } of [...graphemes.segment(text)].reverse()) {
    if (stringWidth(segment + end) > tail) break;
    end = segment + end;
  }
  return truncate(text, columns - stringWidth(end)) + end;
}

export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - stringWidth(text)));
}

/**
 * Lines of at most the given number of columns, broken at spaces. A word that is too long stays whole, and so does text
 * in backticks: the terminal folds it, and it can still be copied as one line. wrap-ansi would break such commands.
 */
export function wrap(text: string, columns: number): readonly string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, columns));
}

function wrapLine(text: string, columns: number): readonly string[] {
  if (stringWidth(text) <= columns) return [text];
  const lines: string[] = [];
  let line = '';
  for (const [word] of text.matchAll(/\S*`[^`]*`\S*|\S+/g)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && stringWidth(longer) > columns) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

export function hangingIndent(label: string, text: string, columns: number): readonly string[] {
  const margin = stringWidth(label);
  return wrap(text, Math.max(columns - margin, legibleColumns)).map((line, index) =>
    index === 0 ? label + line : ' '.repeat(margin) + line,
  );
}
