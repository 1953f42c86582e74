/** The keys of an API's objects by type, so that controllers, which list all the time, do not search through all objects. */
import type { ApiState } from '../../state.js';

type Objects = ApiState['objects'];

interface Index {
  readonly count: number;
  readonly byType: ReadonlyMap<string, readonly string[]>;
}

const indexes = new WeakMap<Objects, Index>();

/** Keys of all objects of a type, sorted. */
export function keysOfType(objects: Objects, plural: string): readonly string[] {
  const index = indexes.get(objects) ?? newIndex(objects);
  return index.byType.get(plural) ?? [];
}

/** Call it whenever a key is added or removed. */
export function forgetIndex(objects: Objects): void {
  indexes.delete(objects);
}

/** To be called before the controllers run: a test, or a program of the rehearsal, may have written into the account directly. */
export function checkIndex(objects: Objects): void {
  if (indexes.get(objects)?.count !== Object.keys(objects).length) forgetIndex(objects);
}

function newIndex(objects: Objects): Index {
  const keys = Object.keys(objects);
  const index = { count: keys.length, byType: sortedByType(keys) };
  indexes.set(objects, index);
  return index;
}

function sortedByType(keys: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const byType = new Map<string, string[]>();
  for (const key of [...keys].sort()) {
    const plural = key.slice(0, key.indexOf('/'));
    const known = byType.get(plural);
    if (known === undefined) byType.set(plural, [key]);
    else known.push(key);
  }
  return byType;
}

/** Not kept with the account. */
const revisions = new WeakMap<ApiState, number>();

/** A number that is another one after every change that was made through the store. */
export function revisionOf(api: ApiState): number {
  return revisions.get(api) ?? 0;
}

/** For changes that are made to an object itself, such as the mark that it is to be deleted. */
export function touch(api: ApiState): void {
  revisions.set(api, revisionOf(api) + 1);
}
