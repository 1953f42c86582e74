/** Fits text into columns: cleans, clips, pads and wraps by what a terminal shows, not by characters. */
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';

/** The least width in which wrapped text still reads well. */
export const legibleColumns = 20;

const graphemes = new Intl.Segmenter();

/** What a terminal would obey, save for line ends: control characters, and those that turn the direction of writing. */
const commands = /(?:[^\P{Cc}\n]|[\u2028-\u202E\u2066-\u2069])+/gu;

/** Whatever a program, AWS or a file said, in lines that a terminal only shows. */
export function sanitize(text: string): string {
  return stripVTControlCharacters(text).replaceAll('\r\n', '\n').replace(commands, ' ');
}

/** The same in one line. */
export function oneLine(text: string): string {
  return sanitize(text).replace(/\n+/g, ' ').trim();
}

/**
 * The text, cut to so many columns; what is cut ends in `…`. Only for text without colour. cli-truncate 5 and slice-ansi 8, the
 * last for Node 20, give one column too many where the cut meets a wide character, and the live line would wrap.
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

/** The text, cut in its middle to so many columns: names that begin alike often end differently. */
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

/** The text with spaces after it, up to so many columns. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - stringWidth(text)));
}

/**
 * Lines of at most so many columns, broken at spaces. A word that is too long stays whole, and so does what stands in
 * backticks: the terminal folds it, and it can still be copied as the one line that it is. wrap-ansi breaks such commands.
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

/** A label with a text beside it that wraps under itself. */
export function hangingIndent(label: string, text: string, columns: number): readonly string[] {
  const margin = stringWidth(label);
  return wrap(text, Math.max(columns - margin, legibleColumns)).map((line, index) =>
    index === 0 ? label + line : ' '.repeat(margin) + line,
  );
}
