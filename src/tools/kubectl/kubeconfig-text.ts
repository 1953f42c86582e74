/** The text of somebody's kubeconfig: read as data, and changed so that every byte stays that is not meant. */
import { type Document, isMap, isScalar, parseDocument, stringify, type YAMLMap } from 'yaml';
import { Problem } from '../../errors/problem.js';
import { blockRestoreEdits, blockRootEdits, blockValueEdits, madeRoot, madeRootEdits } from './kubeconfig-block.js';
import { flowRestoreEdits, flowRootEdits, flowValueEdits, type ListChange } from './kubeconfig-flow.js';
import { applyEdits, type Edit, insertLines } from './text-edits.js';
import { pairOf, startOf } from './yaml-places.js';

export const sections = ['clusters', 'contexts', 'users'] as const;
const currentKey = 'current-context';
export type Section = (typeof sections)[number];
export type Lists = Readonly<Record<Section, readonly unknown[]>>;

/** A file of KUBECONFIG; without a text it is not there. */
export interface KubeconfigFile {
  readonly path: string;
  readonly text: string | undefined;
}

/** A kubeconfig that was read. Entries of lists may be anything at all. */
export interface Kubeconfig extends KubeconfigFile {
  readonly lists: Lists;
  readonly current: unknown;
  /** All else in it. */
  readonly rest: Readonly<Record<string, unknown>>;
  /** Undefined in a text of nothing but spaces and comments. */
  readonly root: YAMLMap | undefined;
}

/** What is to become of a kubeconfig. */
export interface KubeconfigChange {
  readonly lists: Readonly<Record<Section, ListChange>>;
  /** A context's name; `restore`: what it was before it was set; undefined: as it is. */
  readonly current: { readonly set: string } | 'restore' | undefined;
}

/** @throws Problem `kubeconfig-malformed` */
export function readKubeconfig(file: KubeconfigFile): Kubeconfig {
  const document = documentOf(file);
  const { clusters, contexts, users, 'current-context': current, ...rest } = plain(file.path, document);
  const list = (name: Section, value: unknown): readonly unknown[] => {
    if (Array.isArray(value)) return value;
    if (value === undefined || value === null) return [];
    throw malformed(file.path, `${name} is not a list`);
  };
  return {
    ...file,
    lists: { clusters: list('clusters', clusters), contexts: list('contexts', contexts), users: list('users', users) },
    current,
    rest,
    root: isMap(document.contents) ? document.contents : undefined,
  };
}

/** Whether a kubeconfig has no entry and says nothing else either: what is left of one that was made for our entries. */
export function holdsNothing({ text = '', lists, current, rest }: Kubeconfig): boolean {
  const { apiVersion, kind, preferences, ...more } = rest;
  if (/^\s*#/m.test(text) || current || sections.some((section) => lists[section].length > 0)) return false;
  return JSON.stringify([preferences ?? {}, more]) === '[{},{}]';
}

/**
 * The text after a change, in the form and the order that it had. It is read again before it is given out.
 * @throws Problem `kubeconfig-malformed`, for a form in which the change cannot be made without touching more
 */
export function changedText(there: Kubeconfig, change: KubeconfigChange): string {
  const { path, text, root } = there;
  if (text === undefined || root?.items.length === 0) return newText(change);
  if (root === undefined) {
    const begun = applyEdits(text, [insertLines(text, text.length, madeRoot)]);
    return changedText(readKubeconfig({ path, text: begun }), change);
  }
  const edited = applyEdits(text, editsOf(text, root, change));
  const found = readKubeconfig({ path, text: edited });
  if (!isChanged(there, change, found)) {
    throw malformed(path, 'it is written in a form that cannot be changed without touching other entries');
  }
  return found.root === undefined || root.flow ? edited : applyEdits(edited, madeRootEdits(edited, found.root));
}

/** In the order of the text, new keys last: what is inserted in one place comes in the order of its edits. */
function editsOf(text: string, root: YAMLMap, { lists, current }: KubeconfigChange): readonly Edit[] {
  const listEdits = root.flow ? flowRootEdits : blockRootEdits;
  const keyed = sections.map((section) => ({ key: section, edits: listEdits(text, root, section, lists[section]) }));
  const all = [...keyed, { key: currentKey, edits: current === undefined ? [] : currentEdits(text, root, current) }];
  const place = (key: string): number => {
    const pair = pairOf(root, key);
    return pair === undefined ? text.length : startOf(pair.key);
  };
  return all.sort((one, other) => place(one.key) - place(other.key)).flatMap(({ edits }) => edits);
}

function currentEdits(
  text: string,
  root: YAMLMap,
  current: Exclude<KubeconfigChange['current'], undefined>,
): readonly Edit[] {
  if (current === 'restore') return (root.flow ? flowRestoreEdits : blockRestoreEdits)(text, root, currentKey);
  return root.flow
    ? flowValueEdits(root, currentKey, current.set)
    : blockValueEdits(text, root, currentKey, current.set);
}

/** Whether a change did what it was to do, and nothing else. */
function isChanged(there: Kubeconfig, { lists, current }: KubeconfigChange, found: Kubeconfig): boolean {
  const wanted = sections.map((section) => changedList(there.lists[section], lists[section]));
  const isSame =
    JSON.stringify([sections.map((section) => found.lists[section]), found.rest]) ===
    JSON.stringify([wanted, there.rest]);
  if (current === 'restore') return isSame && found.current !== there.current;
  return isSame && found.current === (current === undefined ? there.current : current.set);
}

function changedList(entries: readonly unknown[], { replaced, cut, added }: ListChange): readonly unknown[] {
  const kept = entries.flatMap((entry, index) => (cut.has(index) ? [] : [replaced.get(index) ?? entry]));
  return [...kept, ...added];
}

function newText({ lists, current }: KubeconfigChange): string {
  const { clusters, contexts, users } = lists;
  const added = { clusters: clusters.added, contexts: contexts.added, users: users.added };
  const named = typeof current === 'object' ? { 'current-context': current.set } : {};
  return stringify({ apiVersion: 'v1', kind: 'Config', ...added, ...named }, { lineWidth: 0, indentSeq: false });
}

function documentOf({ path, text = '' }: KubeconfigFile): Document {
  // Line numbers cost as much as all the rest, so only a text that is refused is given them.
  const document = parseDocument(text, { prettyErrors: false });
  const { contents } = document;
  if (document.errors.length > 0) throw malformed(path, reasonOf(text));
  if (contents === null || isMap(contents) || (isScalar(contents) && contents.value === null)) return document;
  throw malformed(path, 'it is not a mapping');
}

/** What is wrong and where, without the words of the text itself, which may be secrets. */
function reasonOf(text: string): string {
  const [error] = parseDocument(text).errors;
  const what = /^.*?(?= at line|:|$)/.exec(error?.message ?? '')?.[0] || 'it is not YAML';
  const line = error?.linePos?.[0].line;
  return line === undefined ? what : `line ${line}: ${what}`;
}

function plain(path: string, document: Document): Readonly<Record<string, unknown>> {
  try {
    return document.toJS() ?? {};
  } catch {
    throw malformed(path, 'its aliases cannot be resolved');
  }
}

function malformed(path: string, why: string): Problem {
  return new Problem('kubeconfig-malformed', {
    what: `the kubeconfig ${path} cannot be changed, so it was left alone`,
    why,
    next: ['mend the file, or name another one: KUBECONFIG', 'run the same command again'],
  });
}
