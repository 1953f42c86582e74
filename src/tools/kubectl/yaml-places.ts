/** Where the parts of a YAML document stand in its text, as offsets. */
import { isCollection, isMap, isNode, isPair, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';
import { lineStart } from './text-edits.js';

export function pairOf(root: YAMLMap, key: string): Pair | undefined {
  return root.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

/** Where a value or key begins; that of an entry of a list is after its dash. */
export function startOf(part: unknown): number {
  return (isNode(part) && part.range?.[0]) || 0;
}

/** Where the last value in a part ends, without the comments and empty lines after it. */
export function endOf(part: unknown): number {
  if (isPair(part)) return Math.max(endOf(part.key), endOf(part.value));
  if (isCollection(part) && !part.flow && part.items.length > 0) {
    return isMap(part) || isSeq(part) ? endOf(part.items.at(-1)) : 0;
  }
  return (isNode(part) && part.range?.[1]) || 0;
}

/** Where the text after the colon of a key begins. */
export function colonOf(text: string, { key }: Pair): number {
  return text.indexOf(':', endOf(key)) + 1;
}

/** The spaces before the keys of a mapping in block style. */
export function indentOf(text: string, map: YAMLMap): string {
  const start = startOf(map.items[0]?.key);
  return ' '.repeat(start - lineStart(text, start));
}
