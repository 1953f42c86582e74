/** Turns the values of flags, environment or file into a validated request; errors name the source. */
import type { z } from 'zod';
import { Problem } from '../errors/problem.js';
import { combined } from '../errors/refuse.js';
import { type FleetRequest, fieldsAt, requestSchema } from './schema.js';

/** `nameOf`: what the user typed for `members.0.mode`. @throws Problem `invalid-value` listing every invalid value */
export function checkRequest(raw: unknown, nameOf: (path: string) => string): FleetRequest {
  const result = requestSchema.safeParse(raw, { reportInput: true });
  if (result.success) return result.data;
  const parts = result.error.issues.flatMap(innermost).map((issue) => {
    const path = issue.path.join('.');
    return new Problem('invalid-value', { what: `${nameOf(path)}: ${told(issue)}` });
  });
  throw combined(parts, 'invalid-value', `${parts.length} values are invalid`);
}

/** Includes the value in question if it fits on one line. */
function told(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return unknownFields(issue);
  const { message, input } = issue;
  if (input === null) return 'expected a value, got nothing';
  const simple = typeof input === 'string' || typeof input === 'number';
  return simple ? `${message} (got ${JSON.stringify(input)})` : message;
}

function unknownFields({ keys, path }: z.core.$ZodIssueUnrecognizedKeys): string {
  const names = keys.map((key) => JSON.stringify(key)).join(', ');
  return `unknown ${keys.length === 1 ? 'field' : 'fields'} ${names}; expected ${fieldsAt(path).join(', ')}`;
}

/** Members may be a number or a list: an issue inside a list is reported for the item, not for the whole list. */
function innermost(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const inside = issue.errors.find((branch) => branch.some(({ path }) => path.length > 0));
  return inside?.map((each) => ({ ...each, path: [...issue.path, ...each.path] })) ?? [issue];
}

/** Merges two requests: values of the first win, field by field. */
export function mergeRequests(first: FleetRequest, second: FleetRequest): FleetRequest {
  const said = Object.entries(first).filter(([, value]) => value !== undefined);
  return { ...second, ...Object.fromEntries(said) };
}
