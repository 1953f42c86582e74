/** What all simulated AWS services share: operations by command name, errors as the SDK throws them, pages and filters. */
import { Problem } from '../../errors/problem.js';
import type { Simulation } from '../simulation.js';
import type { RegionState } from '../state.js';

/** One call of one operation. */
export interface AwsCall {
  readonly simulation: Simulation;
  readonly regionName: string;
  readonly region: RegionState;
  readonly input: unknown;
}

/** Answers a call or throws an AwsError. */
export type Operation = (call: AwsCall) => object;

/** The operations of a service by the name of their SDK command, e.g. `DescribeVpcsCommand`. */
export type Service = Readonly<Record<string, Operation>>;

/** An operation with a typed input: the table of a service knows which command brings which. */
export function operation<Input>(answer: (input: Input, call: AwsCall) => object): Operation {
  return (call) => answer(call.input as Input, call);
}

/** An error in the SDK's shape; its `name` identifies it. */
export class AwsError extends Error {
  readonly $fault: 'client' | 'server';
  readonly $metadata: { readonly httpStatusCode: number; readonly requestId: string; readonly attempts: number };

  constructor(name: string, message: string, status = 400, attempts = 1) {
    super(message);
    this.name = name;
    this.$fault = status < 500 ? 'client' : 'server';
    this.$metadata = { httpStatusCode: status, requestId: '00000000-0000-4000-8000-000000000000', attempts };
  }
}

/** Few, so that every list of a real size comes in pages. */
const pageSize = 5;

/** A page of a list under the list's name, and under `tokenName` the token of the next page; tokens are offsets. */
export function listing(name: string, all: readonly unknown[], token: string | undefined, tokenName = 'NextToken') {
  const start = Number(token ?? 0);
  const end = start + pageSize;
  return { [name]: all.slice(start, end), [tokenName]: end < all.length ? String(end) : undefined };
}

/** Has this text the form of an EC2 filter value, where `*` is any text and `?` any character? */
function matches(text: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

interface Filter {
  readonly Name?: string | undefined;
  readonly Values?: readonly string[] | undefined;
}

/** Values of an item under a filter's name. */
type Fields<Item> = Readonly<Record<string, (item: Item) => readonly string[]>>;

/**
 * The items that pass every filter; values of one filter are alternatives. Items with tags also know `tag:<key>` and
 * `tag-key`. Raises Problem `rehearsal-unmodelled` for a filter that is not known here.
 */
export function filtered<Item extends object>(
  items: readonly Item[],
  filters: readonly Filter[] | undefined,
  fields: Fields<Item>,
): readonly Item[] {
  return (filters ?? []).reduce<readonly Item[]>((left, filter) => {
    const name = filter.Name ?? '';
    const valuesOf = fieldOf(name, fields);
    const patterns = filter.Values ?? [];
    return left.filter((item) => valuesOf(item).some((value) => patterns.some((pattern) => matches(value, pattern))));
  }, items);
}

function fieldOf<Item extends object>(name: string, fields: Fields<Item>): (item: Item) => readonly string[] {
  const known = fields[name];
  if (known !== undefined) return known;
  if (name === 'tag-key') return (item) => Object.keys(tagsOf(item));
  if (name.startsWith('tag:')) {
    return (item) => {
      const value = tagsOf(item)[name.slice('tag:'.length)];
      return value === undefined ? [] : [value];
    };
  }
  throw new Problem('rehearsal-unmodelled', { what: `the rehearsal does not know the filter '${name}'` });
}

function tagsOf(item: { readonly tags?: Readonly<Record<string, string>> }): Readonly<Record<string, string>> {
  return item.tags ?? {};
}

/** Tags as most services list them. */
export function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Items by id in the order asked for; throws the service's not-found error for the first that is missing. */
export function byIds<Item extends { readonly id: string }>(
  items: readonly Item[],
  ids: readonly string[] | undefined,
  missing: (id: string) => AwsError,
): readonly Item[] {
  if (ids === undefined || ids.length === 0) return items;
  return ids.map((id) => {
    const found = items.find((item) => item.id === id);
    if (found === undefined) throw missing(id);
    return found;
  });
}
