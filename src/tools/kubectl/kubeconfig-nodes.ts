/** Edits the nodes of a kubeconfig document; comments are kept whatever is removed. */
import {
  type Document,
  isCollection,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type ParseOptions,
  parseDocument,
  Scalar,
  type SchemaOptions,
  stringify,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';

/** The changes to the entries of a list; numbers are indices. */
export interface ListChange {
  readonly replaced: ReadonlyMap<number, object>;
  readonly cut: ReadonlySet<number>;
  readonly added: readonly object[];
}

type Comment = string | null | undefined;

/** All scalars as strings: a number such as the password 12345678901234567890 would not survive. */
export const asTexts: ParseOptions & SchemaOptions = { schema: 'failsafe' };

/** Changes a list at the root; returns false if it is not written there directly but, for example, as an alias. */
export function changeList(root: YAMLMap, key: string, { replaced, cut, added }: ListChange): boolean {
  if (replaced.size + cut.size + added.length === 0) return true;
  const list = listIn(root, key);
  if (list === undefined) return false;
  const isFlow = list.flow === true;
  for (const [index, entry] of replaced) {
    const old = list.items[index];
    list.items[index] = nodeOf(entry, isFlow);
    keepComments(list, index, commentsIn(old));
  }
  for (const index of [...cut].sort((one, other) => other - one)) {
    const [gone] = list.items.splice(index, 1);
    keepComments(list, index, commentsIn(gone));
  }
  for (const entry of added) list.items.push(nodeOf(entry, isFlow));
  return true;
}

/** Whether aliases elsewhere may refer to something in the entries that are removed or replaced. */
export function losesAnchors(root: YAMLMap, key: string, { replaced, cut }: ListChange): boolean {
  const list: unknown = root.get(key, true);
  if (!isSeq(list)) return false;
  return [...cut, ...replaced.keys()].some((index) => hasAnchor(list.items[index]));
}

function hasAnchor(entry: unknown): boolean {
  let found = false;
  if (!isNode(entry)) return found;
  visit(entry, {
    Value: (_, node) => {
      found ||= node.anchor !== undefined;
    },
  });
  return found;
}

/** Writes out what each alias stands for. */
export function expandAliases(document: Document): void {
  visit(document, {
    Alias: (_, alias) => {
      const copy = alias.resolve(document)?.clone();
      if (!isScalar(copy) && !isCollection(copy)) return undefined;
      delete copy.anchor;
      return copy;
    },
  });
}

/** The list under a key, created if missing. */
function listIn(root: YAMLMap, key: string): YAMLSeq | undefined {
  const there: unknown = root.get(key, true);
  if (isSeq(there)) {
    if (there.items.length === 0) there.flow = root.flow === true;
    return there;
  }
  if (there !== undefined && there !== null && !isScalar(there)) return undefined;
  setValue(root, key, []);
  const begun: unknown = root.get(key, true);
  if (!isSeq(begun)) return undefined;
  begun.flow = root.flow === true;
  return begun;
}

/** Sets a key at the root to another value; its comments are kept. */
export function setValue(root: YAMLMap, key: string, value: unknown): void {
  const there: unknown = root.get(key, true);
  const node = nodeOf(value, root.flow === true);
  if (isNode(there)) Object.assign(node, { commentBefore: there.commentBefore, comment: there.comment });
  root.set(key, node);
}

/** The parser attaches a comment to an entry; when that is removed, its comment moves to the next one. */
function keepComments(list: YAMLSeq, index: number, comments: readonly Comment[]): void {
  const next = list.items[index];
  const [owner, key] = isNode(next) ? [next, 'commentBefore' as const] : [list, 'comment' as const];
  const all = [...comments, owner[key]].filter((each) => typeof each === 'string');
  if (all.length > 0) owner[key] = all.join('\n');
}

function commentsIn(entry: unknown): readonly Comment[] {
  const found: Comment[] = [];
  if (!isNode(entry)) return found;
  visit(entry, {
    Node: (_, node) => void found.push(node.commentBefore, node.comment),
  });
  return found;
}

/** A value as document nodes; in flow style for JSON. */
function nodeOf(value: unknown, isFlow: boolean): Node {
  const text = isFlow ? JSON.stringify(value) : stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
  return parseDocument<Node>(text, asTexts).contents ?? new Scalar('');
}

/** JSON as JSON, with the line endings and the list indentation of the text that it was read from. */
export function writtenLike(text: string, document: Document, root: YAMLMap): string {
  const written = document.toString({
    indentSeq: /^ +-/m.test(text) && !/^-/m.test(text),
    flowCollectionPadding: /[[{] /.test(text),
    ...(root.flow === true ? { defaultKeyType: 'QUOTE_DOUBLE', doubleQuotedAsJSON: true } : { lineWidth: 0 }),
  });
  return text.includes('\r\n') ? written.replaceAll('\n', '\r\n') : written;
}
