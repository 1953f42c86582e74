/** Turns what was said in one place (flags, environment, file) into a checked request, with errors that name the place. */
import type { z } from 'zod';
import { Problem } from '../errors/problem.js';
import { combined } from '../errors/refuse.js';
import { type FleetRequest, requestSchema } from './schema.js';

/**
 * Checks raw values against the schema. `nameOf` turns a path like `members.0.mode` into what the user typed.
 * @throws Problem `invalid-value` that lists every wrong value.
 */
export function checkRequest(raw: unknown, nameOf: (path: string) => string): FleetRequest {
  const result = requestSchema.safeParse(raw, { reportInput: true });
  if (result.success) return result.data;
  const parts = result.error.issues.flatMap(innermost).map((issue) => {
    const path = issue.path.join('.');
    return new Problem('invalid-value', { what: `${nameOf(path)}: ${told(issue)}` });
  });
  throw combined(parts, 'invalid-value', `${parts.length} values are wrong`);
}

/** With the value in question, where it is one that can be told in a line. */
function told({ message, input }: z.core.$ZodIssue): string {
  if (input === null) return 'a value is expected, but nothing stands there';
  const simple = typeof input === 'string' || typeof input === 'number';
  return simple ? `${message}, not ${JSON.stringify(input)}` : message;
}

/** Members may be a number or a list: what is wrong inside a list is said of its part, not of the whole. */
function innermost(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const inside = issue.errors.find((branch) => branch.some(({ path }) => path.length > 0));
  return inside?.map((each) => ({ ...each, path: [...issue.path, ...each.path] })) ?? [issue];
}

/** One request over another: what the first says wins, part by part. */
export function mergeRequests(first: FleetRequest, second: FleetRequest): FleetRequest {
  const said = Object.entries(first).filter(([, value]) => value !== undefined);
  return { ...second, ...Object.fromEntries(said) };
}
