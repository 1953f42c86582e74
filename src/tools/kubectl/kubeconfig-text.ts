/** The text of somebody's kubeconfig: read as data, and changed so that what is not meant keeps its meaning and its comments. */
import { type Document, isMap, isScalar, parseDocument, stringify } from 'yaml';
import { Problem } from '../../errors/problem.js';
import { asTexts, changeList, type ListChange, setValue, writtenLike } from './kubeconfig-nodes.js';

export const sections = ['clusters', 'contexts', 'users'] as const;
const currentKey = 'current-context';
export type Section = (typeof sections)[number];
export type KubeconfigLists = Readonly<Record<Section, readonly unknown[]>>;

/** A file of KUBECONFIG; without a text it is not there. */
export interface KubeconfigFile {
  readonly path: string;
  readonly text: string | undefined;
}

/** A kubeconfig that was read. Entries of lists may be anything at all; whatever is not a list or a mapping is a text. */
export interface Kubeconfig extends KubeconfigFile {
  readonly lists: KubeconfigLists;
  /** The name of a context; empty when it names none. */
  readonly current: string;
  /** All else in it. */
  readonly rest: Readonly<Record<string, unknown>>;
}

/** What is to become of a kubeconfig. */
export interface KubeconfigChange {
  readonly lists: Readonly<Record<Section, ListChange>>;
  /** A context's name, or nothing for none; undefined: as it is. */
  readonly current: string | undefined;
}

/** @throws Problem `kubeconfig-malformed` */
export function readKubeconfig(file: KubeconfigFile): Kubeconfig {
  return contentOf(file, documentOf(file));
}

function contentOf(file: KubeconfigFile, document: Document): Kubeconfig {
  const { clusters, contexts, users, [currentKey]: current, ...rest } = plain(file.path, document);
  const list = (name: Section, value: unknown): readonly unknown[] => {
    if (Array.isArray(value)) return value;
    if (isNothing(value)) return [];
    throw malformed(file.path, `${name} is not a list`);
  };
  return {
    ...file,
    lists: { clusters: list('clusters', clusters), contexts: list('contexts', contexts), users: list('users', users) },
    current: isNothing(current) ? '' : String(current),
    rest,
  };
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || ['', '~', 'null'].includes(String(value));
}

/** A value as `readKubeconfig` gives it. */
export function asRead(value: unknown): unknown {
  if (value === undefined) return undefined;
  return JSON.parse(JSON.stringify(value), (_, each: unknown) =>
    typeof each === 'object' && each !== null ? each : String(each),
  );
}

/** Whether a kubeconfig has no entry and says nothing else either: what is left of one that was made for our entries. */
export function isEmptyKubeconfig({ text = '', lists, current, rest }: Kubeconfig): boolean {
  const { apiVersion, kind, preferences, ...more } = rest;
  if (/^\s*#/m.test(text) || current || sections.some((section) => lists[section].length > 0)) return false;
  return JSON.stringify([preferences ?? {}, more]) === '[{},{}]';
}

/**
 * The text after a change, in the order that it had. It is read again before it is given out.
 * @throws Problem `kubeconfig-malformed`, for a form in which the change cannot be made without touching more
 */
export function changedText(there: Kubeconfig, change: KubeconfigChange): string {
  const { path, text } = there;
  if (text === undefined || text.trim() === '') return newText(change);
  const document = documentOf(there);
  const root = document.contents;
  if (!isMap(root)) {
    const begun = `${text.trimEnd()}\napiVersion: v1\nkind: Config\n`;
    return changedText(readKubeconfig({ path, text: begun }), change);
  }
  const isMade = sections.every((section) => changeList(root, section, change.lists[section]));
  if (change.current !== undefined) setValue(root, currentKey, change.current);
  const edited = writtenLike(text, document, root);
  if (isMade && isChanged(there, change, readKubeconfig({ path, text: edited }))) return edited;
  throw malformed(path, 'it is written in a form that cannot be changed without touching other entries');
}

/** Whether a change did what it was to do, and nothing else. */
function isChanged(there: Kubeconfig, { lists, current }: KubeconfigChange, found: Kubeconfig): boolean {
  const wanted = sections.map((section) => changedList(there.lists[section], lists[section]));
  const isSame =
    JSON.stringify([sections.map((section) => found.lists[section]), found.rest]) ===
    JSON.stringify([wanted, there.rest]);
  return isSame && found.current === (current ?? there.current);
}
function changedList(entries: readonly unknown[], { replaced, cut, added }: ListChange): readonly unknown[] {
  const kept = entries.flatMap((entry, index) => (cut.has(index) ? [] : [asRead(replaced.get(index)) ?? entry]));
  return [...kept, ...added.map(asRead)];
}

function newText({ lists, current }: KubeconfigChange): string {
  const { clusters, contexts, users } = lists;
  const added = { clusters: clusters.added, contexts: contexts.added, users: users.added };
  const named = current === undefined ? {} : { [currentKey]: current };
  return stringify({ apiVersion: 'v1', kind: 'Config', ...added, ...named }, { lineWidth: 0, indentSeq: false });
}

function documentOf({ path, text: there = '' }: KubeconfigFile): Document {
  // A comment would take the first half of its line's end for a part of itself.
  const text = there.replaceAll('\r\n', '\n');
  // Line numbers cost as much as all the rest, so only a text that is refused is given them.
  const document = parseDocument(text, { ...asTexts, prettyErrors: false });
  const { contents } = document;
  if (document.errors.length > 0) throw malformed(path, reasonOf(text));
  // What is no UTF-8 was read as this character; kubectl refuses such a file too.
  if (text.includes('\uFFFD')) throw malformed(path, 'it is not UTF-8');
  if (contents === null || isMap(contents) || (isScalar(contents) && isNothing(contents.value))) return document;
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
