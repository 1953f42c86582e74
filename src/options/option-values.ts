/** Validated values of run options. Separate from their table, which every start loads. */
import { Problem } from '../errors/problem.js';
import type { Parsed } from './run-options.js';

/**
 * How much faster than life; beyond 600 the time that this machine itself needs, multiplied, runs into time limits.
 * @throws Problem `invalid-value`
 */
export function speedOf(text: Parsed[string]): number {
  const factor = text === undefined ? 60 : Number(text);
  if (Number.isFinite(factor) && factor >= 1 && factor <= 600) return factor;
  throw new Problem('invalid-value', { what: `--speed must be between 1 and 600 (got ${String(text)})` });
}

/**
 * How many members are processed in parallel per region; undefined if not set.
 * @throws Problem `invalid-value`
 */
export function concurrencyOf(text: Parsed[string]): number | undefined {
  if (text === undefined) return undefined;
  const count = typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= 100) return count;
  throw new Problem('invalid-value', { what: `--concurrency must be between 1 and 100 (got ${String(text)})` });
}

/**
 * The value of `--output`, by default the first of the command's formats. @throws Problem `invalid-value` for one that
 * the command does not have.
 */
export function formatOf<Format extends string>(parsed: Parsed, formats: readonly [Format, ...Format[]]): Format {
  const said = parsed['output'] ?? formats[0];
  const format = formats.find((each) => each === said);
  if (format !== undefined) return format;
  const others = formats.slice(0, -1).join(', ');
  throw new Problem('invalid-value', {
    what: `--output must be ${others} or ${formats.at(-1)} (got ${String(said)})`,
  });
}
