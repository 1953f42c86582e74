/** Turns the values of flags, environment or file into a validated request; errors name the source. */
import type { z } from 'zod';
import { didYouMean } from '../errors/did-you-mean.js';
import { Problem } from '../errors/problem.js';
import { combined, refuse } from '../errors/refuse.js';
import { isReserved } from './reserved-addresses.js';
import { type FleetRequest, fieldsAt, requestSchema } from './schema.js';

/** `nameOf`: what the user typed for `members.0.mode`. @throws Problem `invalid-value` listing every invalid value */
export function checkRequest(raw: unknown, nameOf: (path: string) => string): FleetRequest {
  const result = requestSchema.safeParse(raw, { reportInput: true, error: unnamedExpectation });
  if (result.success) {
    refuse(
      (result.data.publicAccess ?? []).filter(isReserved).map((cidr) => notPublic(nameOf('publicAccess'), cidr)),
      'invalid-value',
    );
    return result.data;
  }
  const parts = result.error.issues.flatMap(innermost).flatMap((issue) => {
    const name = nameOf(issue.path.join('.'));
    return told(issue).map((text) => new Problem('invalid-value', { what: `${name}: ${text}` }));
  });
  throw combined(parts, 'invalid-value', `${parts.length} values are invalid`);
}

/** Not in the schema: what an earlier version stored is still read. */
function notPublic(name: string, cidr: string): Problem {
  return new Problem('invalid-value', {
    what: `${name}: expected public addresses, got "${cidr}"`,
    why: 'EKS refuses private, loopback and link-local addresses; the VPC of a cluster has its private endpoint',
  });
}

/** What is expected of a value of the wrong type, where the schema does not say it better. */
function unnamedExpectation({ code, expected, input }: z.core.$ZodRawIssue): string | undefined {
  if (code !== 'invalid_type') return undefined;
  const isSimple = typeof input === 'string' || typeof input === 'number';
  if (expected === 'array') return isSimple ? `expected a list: [${shortened(String(input))}]` : 'expected a list';
  if (expected === 'object') return 'expected fields such as region: us-west-2';
  return expected === 'string' ? 'expected text; a number needs quotes' : undefined;
}

/** Includes the value in question if it is short: a whole file in its place, even a secret, would be shown. */
function told(issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code === 'unrecognized_keys') return unknownFields(issue);
  const { message, input, path } = issue;
  if (input === null) return ['expected a value, got nothing'];
  const isShown = path.length > 0 && (typeof input === 'string' || typeof input === 'number');
  return [
    isShown ? `${message} (got ${JSON.stringify(typeof input === 'string' ? shortened(input) : input)})` : message,
  ];
}

const mostLetters = 60;

function shortened(text: string): string {
  return text.length > mostLetters ? `${text.slice(0, mostLetters)}…` : text;
}

function unknownFields({ keys, path }: z.core.$ZodIssueUnrecognizedKeys): readonly string[] {
  const known = fieldsAt(path);
  return keys.map((key) => {
    const meant = didYouMean(key, known);
    const hint = meant === undefined ? `expected ${known.join(', ')}` : `did you mean ${meant}?`;
    return `unknown field ${JSON.stringify(shortened(key))}; ${hint}`;
  });
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
  return { ...withoutOtherEndpoints(first, second), ...Object.fromEntries(said) };
}

/** Endpoints are public or private: whoever asks for one kind asks for what was said of the other no longer. */
function withoutOtherEndpoints(first: FleetRequest, second: FleetRequest): FleetRequest {
  const { publicAccess, ...rest } = second;
  if (first.privateEndpoints === true) return first.publicAccess === undefined ? rest : second;
  const { privateEndpoints, privateAccess, ...open } = second;
  const isPublic = first.privateEndpoints === false || (first.publicAccess ?? []).length > 0;
  return isPublic && first.privateAccess === undefined ? open : second;
}
