/** Texts that a program may print when something is wrong with it: noise, and real outputs cut, mixed and bent. */
import fc from 'fast-check';

const escapes = [
  '\u001B[31m',
  '\u001B[2J',
  '\u001B]0;title\u0007',
  '\u009B1m',
  '\u001B]8;;https://x\u001B\\',
  '\u001B',
];
const controls = ['\u0000', '\u0007', '\b', '\r', '\r\n', '\u007F', '\u0085', '\u2028', '\u202E', '\uFEFF', '\uD800'];
const structure = ['{', '}', '[', ']', '"', '\\', ':', ',', '\n', '\n\n', '---', '&a', '*a', '<<: ', '!!x ', '|', '-'];

/** What has no meaning: control characters, escape sequences, broken Unicode, brackets without their fellows. */
export const noise: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...escapes, ...controls, ...structure),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
      fc.constantFrom('null', 'true', '-1', '1e999', '__proto__', 'undefined', 'NaN', 'error: ', '[ERROR]', '✖'),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));

/** A text, many times over. */
const huge = fc
  .tuple(fc.oneof(noise, fc.constantFrom('a', 'key', 'eyJ', '[', '{"a":', '- ', ' ', '\n', 'abcdef.')), fc.nat(20_000))
  .map(([text, times]) => text.repeat(text.length > 40 ? Math.min(times, 500) : times));

type Edit = (text: string) => string;

const edits: fc.Arbitrary<Edit> = fc
  .record({ kind: fc.constantFrom('cut', 'drop', 'insert', 'repeat', 'bend'), at: fc.nat(), by: fc.nat(200), noise })
  .map(({ kind, at, by, noise: text }) => (given) => {
    const from = given.length === 0 ? 0 : at % given.length;
    if (kind === 'cut') return given.slice(0, from);
    if (kind === 'drop') return given.slice(0, from) + given.slice(from + by);
    if (kind === 'insert') return given.slice(0, from) + text + given.slice(from);
    if (kind === 'repeat') return given.slice(0, from + by) + given.slice(from);
    return bent(given, from, text);
  });

/** With one value of a JSON text replaced by one of another kind; as it is when it is not JSON. */
function bent(text: string, at: number, instead: string): string {
  const values = [null, true, -1, '', instead, [], {}, [null], { '': instead }];
  let countdown = at;
  try {
    const whole: unknown = JSON.parse(text);
    const size = JSON.stringify(whole).split(/[,:[{]/).length;
    countdown %= size;
    return JSON.stringify(whole, (_, value: unknown) => (countdown-- === 0 ? values[at % values.length] : value));
  } catch {
    return text;
  }
}

/** One of these texts with a few mistakes in it, or none. */
export function mutated(texts: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...texts), fc.array(edits, { maxLength: 3 }))
    .map(([text, changes]) => changes.reduce((sofar, change) => change(sofar), text));
}

/** Anything that may stand where one of these texts was expected. */
export function anyText(texts: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 6, arbitrary: mutated(texts) },
    { weight: 2, arbitrary: noise },
    { weight: 1, arbitrary: huge },
  );
}

/** What a terminal would obey: escape sequences, and control characters other than the end of a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
export const commanding = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/;
