/** What a terminal shows after all that a program wrote to it, as an SVG: colours, weight, and lines that were redrawn. */
import xterm from '@xterm/headless';

const size = 14;
const cell = { width: size * 0.602, height: 19 };
const margin = 16;
const fonts = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
const ink = '#d0d7de';
const paper = '#0d1117';

/** The sixteen colours of a terminal; the program uses no others. */
const palette = [
  ...['#484f58', '#ff7b72', '#3fb950', '#d29922', '#58a6ff', '#bc8cff', '#39c5cf', '#b1bac4'],
  ...['#6e7681', '#ffa198', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#ffffff'],
];

/** Stands where lines were left out. */
const cut = [{ style: ' opacity="0.65"', text: '⋮', from: 0, to: 1 }];

/** The picture of the screen of this width after `written`: all its lines, or the first and the last `last` ones. */
export async function terminalPicture({ written, columns, last, title }) {
  const lines = await screenAfter(written, columns);
  const shown = last === undefined || lines.length <= last ? lines : [lines[0], cut, ...lines.slice(-last)];
  return framed(textsOf(shown), { columns, rows: shown.length, title });
}

/**
 * What a terminal shows while a program works, as an SVG that moves: one screen after another, then from the beginning. Where
 * nothing moves, the last one is seen.
 * @param {{ screens: readonly { written: string, seconds: number }[], columns: number, rows: number, title: string }} film
 * `written`: all that was written until then
 */
export async function terminalFilm({ screens, columns, rows, title }) {
  const whole = screens.reduce((sum, { seconds }) => sum + seconds, 0);
  const percent = (seconds) => `${((100 * seconds) / whole).toFixed(2)}%`;
  const parts = [];
  let from = 0;
  for (const [index, { written, seconds }] of screens.entries()) {
    const isLast = index === screens.length - 1;
    const to = isLast ? '100%' : percent(from + seconds);
    const seen = `0%{visibility:hidden}${percent(from)}{visibility:visible}${to}{visibility:${isLast ? 'visible' : 'hidden'}}`;
    parts.push(
      `<style>@keyframes s${index}{${seen}}#s${index}{visibility:${isLast ? 'visible' : 'hidden'};animation:s${index} ${whole}s step-end infinite}@media (prefers-reduced-motion:reduce){#s${index}{animation:none}}</style>`,
      `<g id="s${index}">`,
      ...textsOf((await screenAfter(written, columns)).slice(-rows)),
      '</g>',
    );
    from += seconds;
  }
  return framed(parts, { columns, rows, title });
}

function textsOf(lines) {
  return lines.flatMap((runs, row) => runs.map((run) => textOf(run, margin + (row + 0.75) * cell.height)));
}

function framed(parts, { columns, rows, title }) {
  const width = Math.ceil(2 * margin + columns * cell.width);
  const height = 2 * margin + rows * cell.height;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${paper}"/>`,
    `<g font-family="${fonts}" font-size="${size}" fill="${ink}" xml:space="preserve">`,
    ...parts,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** The lines of the screen and of what scrolled out of it, each as runs of text of one style; without empty ones at the ends. */
async function screenAfter(written, columns) {
  const terminal = new xterm.Terminal({ cols: columns, rows: 50, scrollback: 5000, allowProposedApi: true });
  await new Promise((done) => terminal.write(written, done));
  const { active } = terminal.buffer;
  const lines = Array.from({ length: active.length }, (_, row) => runsOf(active.getLine(row), columns));
  const isEmpty = (runs) => runs.length === 0;
  while (lines.length > 0 && isEmpty(lines.at(-1))) lines.pop();
  while (lines.length > 0 && isEmpty(lines[0])) lines.shift();
  return lines;
}

function runsOf(line, columns) {
  const runs = [];
  for (let column = 0; column < columns; column += 1) {
    const found = line.getCell(column);
    // The second half of a wide character has no width of its own.
    if (found === undefined || found.getWidth() === 0) continue;
    const style = styleOf(found);
    const before = runs.at(-1);
    const text = found.getChars() || ' ';
    if (before?.style === style && before.to === column) {
      before.text += text;
      before.to += found.getWidth();
    } else {
      runs.push({ style, text, from: column, to: column + found.getWidth() });
    }
  }
  return runs.filter(({ text }) => text.trim() !== '');
}

function styleOf(found) {
  const colour = found.isFgPalette() ? palette[found.getFgColor()] : undefined;
  return [
    colour === undefined ? '' : ` fill="${colour}"`,
    found.isBold() ? ' font-weight="bold"' : '',
    found.isDim() ? ' opacity="0.65"' : '',
    found.isItalic() ? ' font-style="italic"' : '',
    found.isUnderline() ? ' text-decoration="underline"' : '',
  ].join('');
}

/** A run begins at its own cell and is as wide as its cells, whatever font there is. */
function textOf({ style, text, from, to }, y) {
  const shown = text.trim();
  const start = from + text.length - text.trimStart().length;
  const cells = to - from - (text.length - shown.length);
  const x = (margin + start * cell.width).toFixed(1);
  const length = (cells * cell.width).toFixed(1);
  return `<text x="${x}" y="${y.toFixed(1)}" textLength="${length}"${style}>${escaped(shown)}</text>`;
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
