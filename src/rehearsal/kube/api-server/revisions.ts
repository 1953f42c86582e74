/** Counts the changes of an API, so that whoever looks again knows whether there is anything new. */
import type { ApiState } from '../../state.js';

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
