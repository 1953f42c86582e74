/** Everything as JSON lines on stdout, one object a line: `{"v":1,"type":…}`; documented in docs/reference.md. */
import { Problem } from '../errors/problem.js';

/** Grows when a field changes its meaning or goes; new fields do not count. */
const version = 1;

/** One line, without its end. Problems anywhere inside become `{code, what, why, next, parts}`. */
export function jsonLine(type: string, fields: Readonly<Record<string, unknown>>): string {
  const line = JSON.stringify({ v: version, type, ...fields }, (_, value: unknown) =>
    value instanceof Problem ? problemFields(value) : value,
  );
  return line.replace(unescaped, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What JSON lets through and a terminal obeys: DEL, the 8-bit controls, and those that turn the direction of writing. */
const unescaped = /[\u007F-\u009F\u2028-\u202E\u2066-\u2069]/g;

/** A Problem as data; its parts follow in the same form. Causes and stacks stay out: they may hold anything. */
function problemFields({ code, message, why, next, parts }: Problem): Readonly<Record<string, unknown>> {
  return { code, what: message, why, next, parts };
}
