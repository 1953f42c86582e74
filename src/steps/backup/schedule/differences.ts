/** How an object in a cluster differs from what is wanted of it; what nobody asked for is left alone. */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

const fields = z.record(z.string(), z.unknown());
const named = z.array(z.looseObject({ name: z.string() }));

/** One line for each field, e.g. `spec.suspend is true, not false`. Elements of a list are told apart by their names, if they have any. */
export function differences(wanted: unknown, found: unknown, path = ''): readonly string[] {
  const [inWanted, inFound] = [keyed(wanted), keyed(found)];
  if (inWanted === undefined || inFound === undefined)
    return isDeepStrictEqual(wanted, found) ? [] : [`${path} is ${shown(found)}, not ${shown(wanted)}`];
  return Object.entries(inWanted).flatMap(([key, each]) =>
    differences(each, inFound[key], path === '' ? key : `${path}.${key}`),
  );
}

/** Undefined: a value that is compared as a whole, as a list is whose elements have no names: Kubernetes replaces it as a whole. */
function keyed(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!Array.isArray(value)) return fields.safeParse(value).data;
  const elements = named.safeParse(value).data;
  return elements && Object.fromEntries(elements.map((each) => [each.name, each]));
}

const longest = 80;

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
