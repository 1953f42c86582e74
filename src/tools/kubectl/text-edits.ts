/** Cuts and insertions in a text whose every other byte stays. */

/** What stands from one offset to another gives way to a text. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * The text after edits that do not overlap; those of one place come in the order given. Where a text without a last line
 * end loses its last lines, the line end before them goes too: it came with them (see `insertLines`).
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((one, other) => one.from - other.from);
  let done = 0;
  let edited = '';
  for (const { from, to, text: inserted } of sorted) {
    edited += text.slice(done, from) + inserted;
    done = to;
  }
  edited += text.slice(done);
  const last = sorted.at(-1);
  const losesEnd = last?.text === '' && last.to === text.length && text[last.from - 1] === '\n' && !text.endsWith('\n');
  return losesEnd ? edited.replace(/\r?\n$/, '') : edited;
}

/** Where the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line after that of an offset begins; the end of the text when there is none. */
export function nextLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
}

/** Puts lines before the line that begins at an offset; at the end of a text without a last line end they have none too. */
export function insertLines(text: string, at: number, lines: readonly string[]): Edit {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const begins = at === 0 || text[at - 1] === '\n';
  return { from: at, to: at, text: begins ? lines.map((line) => line + eol).join('') : eol + lines.join(eol) };
}

/** Takes whole lines away: from where the first begins to where the one after the last does. */
export function cutLines([from, to]: readonly [number, number]): Edit {
  return { from, to, text: '' };
}
