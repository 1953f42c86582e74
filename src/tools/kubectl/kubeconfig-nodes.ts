/** Changes of the nodes of a kubeconfig's document; comments stay, whatever goes. */
import {
  type Document,
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

/** What becomes of the entries of a list; numbers are their places in it. */
export interface ListChange {
  readonly replaced: ReadonlyMap<number, object>;
  readonly cut: ReadonlySet<number>;
  readonly added: readonly object[];
}

type Comment = string | null | undefined;

/** Every scalar is a text: a number read as one would come back another, as the password 12345678901234567890 does. */
export const asTexts: ParseOptions & SchemaOptions = { schema: 'failsafe' };

/** Changes a list of the root; answers false where it is not written there itself but behind an alias, say. */
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

/** The list of a key, which is begun where there is none. */
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

/** Gives a key of the root another value; the comments by it stay. */
export function setValue(root: YAMLMap, key: string, value: unknown): void {
  const there: unknown = root.get(key, true);
  const node = nodeOf(value, root.flow === true);
  if (isNode(there)) Object.assign(node, { commentBefore: there.commentBefore, comment: there.comment });
  root.set(key, node);
}

/** YAML gives a comment to the entry at its side, whoever wrote it: from one that goes it moves to the next. */
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

/** A value as the nodes of a text; in flow style as JSON. */
function nodeOf(value: unknown, isFlow: boolean): Node {
  const text = isFlow ? JSON.stringify(value) : stringify(value, { lineWidth: 0 });
  return parseDocument<Node>(text, asTexts).contents ?? new Scalar('');
}

/** The document in the manner of the text that it was read from: JSON as JSON, its line ends, its way to indent lists. */
export function writtenLike(text: string, document: Document, root: YAMLMap): string {
  const written = document.toString({
    indentSeq: /^ +-/m.test(text) && !/^-/m.test(text),
    flowCollectionPadding: /[[{] /.test(text),
    ...(root.flow === true ? { defaultKeyType: 'QUOTE_DOUBLE', doubleQuotedAsJSON: true } : { lineWidth: 0 }),
  });
  return text.includes('\r\n') ? written.replaceAll('\n', '\r\n') : written;
}
