/** A user's kubeconfig, read as data, and changed so that all else keeps its meaning and comments. */
import { type Document, isMap, isScalar, parseDocument, stringify } from 'yaml';
import { Problem } from '../../errors/problem.js';
import {
  asTexts,
  changeList,
  expandAliases,
  type ListChange,
  losesAnchors,
  setValue,
  writtenLike,
} from './kubeconfig-nodes.js';

export const sections = ['clusters', 'contexts', 'users'] as const;
const currentKey = 'current-context';
export type Section = (typeof sections)[number];
export type KubeconfigLists = Readonly<Record<Section, readonly unknown[]>>;

/** A file in KUBECONFIG; without a text it does not exist. */
export interface KubeconfigFile {
  readonly path: string;
  readonly text: string | undefined;
}

/** A parsed kubeconfig. List entries may be anything; whatever is not a list or a mapping is a string. */
export interface Kubeconfig extends KubeconfigFile {
  readonly lists: KubeconfigLists;
  /** The name of a context; empty if none is set. */
  readonly current: string;
  /** Everything else in it. */
  readonly rest: Readonly<Record<string, unknown>>;
}

export interface KubeconfigChange {
  readonly lists: Readonly<Record<Section, ListChange>>;
  /** A context's name, or an empty string for none; undefined: unchanged. */
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

/** A value as returned by `readKubeconfig`. */
export function asRead(value: unknown): unknown {
  if (value === undefined) return undefined;
  return JSON.parse(JSON.stringify(value), (_, each: unknown) =>
    typeof each === 'object' && each !== null ? each : String(each),
  );
}

/** Whether a kubeconfig has no entries and no other content, like one that was created only for our entries. */
export function isEmptyKubeconfig({ text = '', lists, current, rest }: Kubeconfig): boolean {
  const { apiVersion, kind, preferences, ...more } = rest;
  if (/^\s*#/m.test(text) || current || sections.some((section) => lists[section].length > 0)) return false;
  return JSON.stringify([preferences ?? {}, more]) === '[{},{}]';
}

/**
 * The text after a change, in its original order. It is parsed again before it is returned.
 * @throws Problem `kubeconfig-malformed`, if the change cannot be made without affecting other entries
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
  if (sections.some((section) => losesAnchors(root, section, change.lists[section]))) expandAliases(document);
  const isMade = sections.every((section) => changeList(root, section, change.lists[section]));
  if (change.current !== undefined) setValue(root, currentKey, change.current);
  const edited = writtenLike(text, document, root);
  if (isMade && isChanged(there, change, readKubeconfig({ path, text: edited }))) return edited;
  throw malformed(path, 'its YAML cannot be changed without affecting other entries');
}

/** Whether a change did what was intended, and nothing else. */
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
  const options = { lineWidth: 0, indentSeq: false, aliasDuplicateObjects: false };
  return stringify({ apiVersion: 'v1', kind: 'Config', ...added, ...named }, options);
}

function documentOf({ path, text: there = '' }: KubeconfigFile): Document {
  // A comment would include the carriage return of its line ending.
  const text = there.replaceAll('\r\n', '\n');
  // Line numbers cost as much as everything else, so they are only computed for a text that is refused.
  const document = parseDocument(text, { ...asTexts, prettyErrors: false });
  const { contents } = document;
  if (document.errors.length > 0) throw malformed(path, reasonOf(text));
  // Invalid UTF-8 is read as this character; kubectl refuses such a file too.
  if (text.includes('\uFFFD')) throw malformed(path, 'it is not UTF-8');
  if (contents === null || isMap(contents) || (isScalar(contents) && isNothing(contents.value))) return document;
  throw malformed(path, 'it is not a mapping');
}

/** What is wrong and where, without quoting the text itself, which may contain secrets. */
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
    what: `the kubeconfig ${path} cannot be changed, so it was left as it is`,
    why,
    next: ['fix the file, or set KUBECONFIG to another one', 'run the same command again'],
  });
}
