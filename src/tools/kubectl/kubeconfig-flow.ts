/** Edits of a kubeconfig in flow style, JSON among it; unusual spaces, which mean nothing, say what was there before. */
import { isSeq, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Edit } from './text-edits.js';
import { endOf, pairOf, startOf } from './yaml-places.js';

/** What becomes of the entries of a list; numbers are their places in it. */
export interface ListChange {
  readonly replaced: ReadonlyMap<number, object>;
  readonly cut: ReadonlySet<number>;
  readonly added: readonly object[];
}

/** Between a key that was not there before and its colon. */
const made = '  ';
/** After the bracket of a list that was `null` before. */
const wasNull = '  ';

/** Edits that change one list of a root that has at least one key. */
export function flowRootEdits(text: string, root: YAMLMap, key: string, change: ListChange): readonly Edit[] {
  const pair = pairOf(root, key);
  const added = written(change.added);
  if (pair === undefined) return added === '' ? [] : [firstPair(root, key, `[${added}]`)];
  const list = pair.value;
  if (!isSeq(list)) return added === '' ? [] : [inPlaceOf(list, `[${wasNull}${added}]`)];
  const emptied = list.items.length > 0 && change.cut.size === list.items.length;
  if (emptied && text.startsWith(made, endOf(pair.key))) return [cutPair(text, pair)];
  if (emptied && text.slice(startOf(list), startOf(list.items[0])) === `[${wasNull}`) return [inPlaceOf(list, 'null')];
  return flowListEdits(list, change);
}

/** Edits that change a list in flow style, wherever it stands. */
export function flowListEdits({ items, range }: YAMLSeq, { replaced, cut, added }: ListChange): readonly Edit[] {
  const firstKept = items.findIndex((_, index) => !cut.has(index));
  const gone = [...cut].map((index): Edit => {
    const follows = firstKept !== -1 && firstKept < index;
    const from = follows ? endOf(items[index - 1]) : startOf(items[index]);
    const to = follows || index === items.length - 1 ? endOf(items[index]) : startOf(items[index + 1]);
    return { from, to, text: '' };
  });
  const renewed = [...replaced].map(([index, entry]) => inPlaceOf(items[index], JSON.stringify(entry)));
  const at = items.length === 0 ? (range?.[0] ?? 0) + 1 : endOf(items.at(-1));
  const grown = { from: at, to: at, text: `${items.length === 0 ? '' : ', '}${written(added)}` };
  return [...gone, ...renewed, ...(added.length === 0 ? [] : [grown])];
}

/** Edits that give a key of the root a text as its value. */
export function flowValueEdits(root: YAMLMap, key: string, value: string): readonly Edit[] {
  const pair = pairOf(root, key);
  return [
    pair === undefined ? firstPair(root, key, JSON.stringify(value)) : inPlaceOf(pair.value, JSON.stringify(value)),
  ];
}

/** Edits that take a key away that was not there before `flowValueEdits`, else empty it. */
export function flowRestoreEdits(text: string, root: YAMLMap, key: string): readonly Edit[] {
  const pair = pairOf(root, key);
  if (pair === undefined) return [];
  return [text.startsWith(made, endOf(pair.key)) ? cutPair(text, pair) : inPlaceOf(pair.value, '""')];
}

function written(entries: readonly object[]): string {
  return entries.map((entry) => JSON.stringify(entry)).join(', ');
}

function firstPair(root: YAMLMap, key: string, value: string): Edit {
  const at = startOf(root) + 1;
  return { from: at, to: at, text: `"${key}"${made}: ${value},` };
}

function inPlaceOf(part: unknown, text: string): Edit {
  return { from: startOf(part), to: endOf(part), text };
}

function cutPair(text: string, { key, value }: Pair): Edit {
  const end = endOf(value);
  return { from: startOf(key), to: text[end] === ',' ? end + 1 : end, text: '' };
}
