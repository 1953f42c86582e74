/** Everything as JSON lines on stdout, one object per line: `{"v":1,"type":…}`; documented in docs/reference.md. */
import { Problem } from '../errors/problem.js';

/** Incremented when a field changes its meaning or is removed; new fields do not count. */
const version = 1;

/** One line, without the line break. Problems anywhere inside become `{code, what, why, next, parts}`. */
export function jsonLine(type: string, fields: Readonly<Record<string, unknown>>): string {
  const line = JSON.stringify({ v: version, type, ...fields }, (_, value: unknown) =>
    value instanceof Problem ? problemFields(value) : value,
  );
  return line.replace(unescaped, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What JSON leaves unescaped and a terminal interprets: DEL, 8-bit controls, changes of writing direction. */
const unescaped = /[\u007F-\u009F\u2028-\u202E\u2066-\u2069]/g;

/** A Problem as data, and its parts in the same form. Causes and stacks are left out: they may contain anything. */
function problemFields({ code, message, why, next, parts }: Problem): Readonly<Record<string, unknown>> {
  return { code, what: message, why, next, parts };
}
