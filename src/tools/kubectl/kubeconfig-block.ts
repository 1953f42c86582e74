/** Edits of a kubeconfig in YAML's block style: entries are lines of their own, and a comment says what was there before. */
import { isCollection, isSeq, type Pair, stringify, type YAMLMap } from 'yaml';
import { flowListEdits, type ListChange } from './kubeconfig-flow.js';
import { cutLines, type Edit, insertLines, lineStart, nextLine } from './text-edits.js';
import { colonOf, endOf, indentOf, pairOf, startOf } from './yaml-places.js';

/** At the end of the line of a key that was not there before. */
const made = ' # karmada-eks';
/** After the colon of a key: the rest of its line was its value. */
const was = `${made}: was`;

/** The lines that begin the mapping of a text that had none. */
export const madeRoot: readonly string[] = [`apiVersion: v1${made}`, `kind: Config${made}`];

/** Edits that change one list of the root. */
export function blockRootEdits(text: string, root: YAMLMap, key: string, change: ListChange): readonly Edit[] {
  const pair = pairOf(root, key);
  const indent = indentOf(text, root);
  const lines = linesOf(change.added, indent);
  if (pair === undefined) {
    return lines.length === 0 ? [] : [insertLines(text, afterLines(text, root), [`${indent}${key}:${made}`, ...lines])];
  }
  const list = pair.value;
  if (isSeq(list) && !list.flow && list.items.length > 0) return blockListEdits(text, pair, list.items, change);
  const colon = colonOf(text, pair);
  const inOneLine = !isCollection(list) || !text.slice(colon, endOf(list)).includes('\n');
  if (isSeq(list) && (list.items.length > 0 || !inOneLine)) return flowListEdits(list, change);
  if (lines.length === 0) return [];
  return [{ from: colon, to: colon, text: was }, insertLines(text, nextLine(text, colon), lines)];
}

function blockListEdits(text: string, pair: Pair, items: readonly unknown[], change: ListChange): readonly Edit[] {
  const spans = items.map((item): readonly [number, number] => [dashLine(text, item), afterLines(text, item)]);
  const [first, end] = [spans[0]?.[0] ?? 0, spans.at(-1)?.[1] ?? text.length];
  const indent = /^ */.exec(text.slice(first, end))?.[0] ?? '';
  const gone = spans.filter((_, index) => change.cut.has(index)).map(cutLines);
  if (gone.length === items.length) return [...gone, ...emptyList(text, pair)];
  const renewed = [...change.replaced].map(([index, entry]) => {
    const [from, to] = spans[index] ?? [end, end];
    const lines = insertLines(text, from, linesOf([entry], indent)).text;
    return { from, to, text: text[to - 1] === '\n' ? lines : lines.trimEnd() };
  });
  const grown = change.added.length === 0 ? [] : [insertLines(text, end, linesOf(change.added, indent))];
  return [...gone, ...renewed, ...grown];
}

/** What a list was before its first entry came; `[]` when that is not known. */
function emptyList(text: string, pair: Pair): readonly Edit[] {
  const colon = colonOf(text, pair);
  const end = nextLine(text, colon);
  if (text.startsWith(was, colon)) return [{ from: colon, to: colon + was.length, text: '' }];
  if (text.slice(colon, end).trimEnd() === made) return [cutLines([lineStart(text, colon), end])];
  return [{ from: colon, to: colon, text: ' []' }];
}

/** Edits that give a key of the root a text as its value; what it was first is kept. */
export function blockValueEdits(text: string, root: YAMLMap, key: string, value: string): readonly Edit[] {
  const written = stringify(value).trim();
  const pair = pairOf(root, key);
  if (pair === undefined) {
    return [insertLines(text, afterLines(text, root), [`${indentOf(text, root)}${key}: ${written}${made}`])];
  }
  const colon = colonOf(text, pair);
  const ours = new RegExp(`^ \\S+(?=${made})`).exec(text.slice(colon, nextLine(text, colon)))?.[0];
  if (ours !== undefined) return [{ from: colon, to: colon + ours.length, text: ` ${written}` }];
  return [{ from: colon, to: colon, text: ` ${written}${was}` }];
}

/** Edits that give a key the value that it had before `blockValueEdits`; an empty text when that is not known. */
export function blockRestoreEdits(text: string, root: YAMLMap, key: string): readonly Edit[] {
  const pair = pairOf(root, key);
  if (pair === undefined) return [];
  const colon = colonOf(text, pair);
  const end = nextLine(text, colon);
  const line = text.slice(colon, end);
  const ours = new RegExp(`^ \\S+${was}`).exec(line)?.[0];
  if (ours !== undefined) return [{ from: colon, to: colon + ours.length, text: '' }];
  if (line.trimEnd().endsWith(made)) return [cutLines([lineStart(text, colon), end])];
  return [{ from: startOf(pair.value), to: endOf(pair.value), text: '""' }];
}

/** Edits that take `madeRoot` away when nothing else is left. */
export function madeRootEdits(text: string, root: YAMLMap): readonly Edit[] {
  const spans = root.items.map(({ key }): readonly [number, number] => {
    const from = lineStart(text, startOf(key));
    return [from, nextLine(text, from)];
  });
  const allMade = spans.every(([from, to]) => madeRoot.includes(text.slice(from, to).trimEnd()));
  return allMade ? spans.map(cutLines) : [];
}

function linesOf(entries: readonly object[], indent: string): readonly string[] {
  if (entries.length === 0) return [];
  const text = stringify(entries, { lineWidth: 0, indentSeq: false }).trimEnd();
  return text.split('\n').map((line) => indent + line);
}

/** Where the line with the dash of an entry begins. */
function dashLine(text: string, item: unknown): number {
  let from = lineStart(text, startOf(item));
  while (from > 0 && !/^ *-/.test(text.slice(from, nextLine(text, from)))) from = lineStart(text, from - 1);
  return from;
}

/** Where the line after the last one of a part begins. */
function afterLines(text: string, part: unknown): number {
  const end = endOf(part);
  return text[end - 1] === '\n' ? end : nextLine(text, end);
}
