/** Adds the fleet's contexts to the text of the user's kubeconfig and takes them out again; all else keeps its form. */
import { type Document, isMap, isSeq, parseDocument, type YAMLMap, YAMLSeq } from 'yaml';
import { Problem } from '../../errors/problem.js';

/** Marks our entries; kubectl keeps extensions it does not know. */
const extensionName = 'karmada-eks';

const sections = ['clusters', 'contexts', 'users'] as const;

interface Entry {
  readonly name: string;
  readonly [key: string]: unknown;
}

/** A kubeconfig of the fleet: one entry in each section. */
interface OwnKubeconfig {
  readonly clusters: readonly Entry[];
  readonly contexts: readonly Entry[];
  readonly users: readonly Entry[];
}

/** What a merge made. */
export interface Merged {
  readonly text: string;
  /** Names under which the contexts now stand; a name that somebody else uses is prefixed with the fleet's. */
  readonly contexts: readonly string[];
}

/**
 * The user's kubeconfig with the contexts of the fleet's kubeconfigs (JSON texts) in it; `fleet` is the fleet's id.
 * @throws Problem `kubeconfig-malformed`
 */
export function withContexts(
  text: string | undefined,
  fleet: string,
  own: readonly string[],
  current: string | undefined,
): Merged {
  const document = parsed(text ?? '');
  const before = JSON.stringify(document);
  const contexts: string[] = [];
  for (const each of own) {
    const config = JSON.parse(each) as OwnKubeconfig;
    const [context] = config.contexts;
    if (context === undefined) continue;
    const prefix = freePrefix(document, config, fleet);
    for (const section of sections) {
      for (const entry of config[section]) put(document, section, marked(entry, section, fleet, prefix));
    }
    contexts.push(`${prefix}${context.name}`);
    if (context.name === current) document.set('current-context', `${prefix}${context.name}`);
  }
  return { text: written(document, before, text), contexts };
}

/** The user's kubeconfig without anything that carries the fleet's mark. */
export function withoutContexts(text: string, fleet: string): string {
  const document = parsed(text);
  const before = JSON.stringify(document);
  for (const section of sections) {
    const entries = document.get(section);
    if (!isSeq(entries)) continue;
    const kept = entries.items.filter((item) => !isMap(item) || ownerOf(item, section) !== fleet);
    const goneNames = entries.items
      .filter((item) => !kept.includes(item))
      .map((item) => (isMap(item) ? item.get('name') : ''));
    if (section === 'contexts' && goneNames.includes(document.get('current-context')))
      document.set('current-context', '');
    entries.items = kept;
  }
  return written(document, before, text);
}

function parsed(text: string): Document {
  const document = parseDocument(text.trim() === '' ? 'apiVersion: v1\nkind: Config\n' : text);
  const wrong = document.errors[0]?.message ?? wrongForm(document);
  if (wrong === undefined) return document;
  throw new Problem('kubeconfig-malformed', {
    what: 'the kubeconfig cannot be read, so it was left alone',
    why: wrong.split('\n')[0] ?? wrong,
    next: ['mend the file, then run the same command again'],
  });
}

function wrongForm(document: Document): string | undefined {
  if (!isMap(document.contents)) return 'it is not a mapping';
  const bad = sections.find((section) => !isSeq(document.get(section)) && (document.get(section) ?? null) !== null);
  return bad === undefined ? undefined : `${bad} is not a list`;
}

/**
 * The text of a changed document; what did not change in meaning (`before`) keeps its text to the letter.
 * JSON stays JSON and YAML stays YAML; long lines (certificates) are not folded; lists are indented as they were, and
 * in a new file not at all, as kubectl does.
 */
function written(document: Document, before: string, text: string | undefined): string {
  if (text !== undefined && JSON.stringify(document) === before) return text;
  if (text?.trimStart().startsWith('{')) return `${JSON.stringify(document, undefined, 2)}\n`;
  return document.toString({ lineWidth: 0, indentSeq: /^\w+:[ \t]*\r?\n[ \t]+- /m.test(text ?? '') });
}

/** Nothing, else the fleet's name, else its id and a number: the first that leaves other people's entries alone. */
function freePrefix(document: Document, config: OwnKubeconfig, fleet: string): string {
  let prefix = '';
  for (let n = 1; isTaken(document, config, fleet, prefix); n += 1) {
    prefix = n === 1 ? `${fleet.split('.')[0]}-` : `${fleet}-${n}-`;
  }
  return prefix;
}

/** Whether one of the names that an own kubeconfig brings is somebody else's. */
function isTaken(document: Document, config: OwnKubeconfig, fleet: string, prefix: string): boolean {
  return sections.some((section) =>
    config[section].some(({ name }) => {
      const there = find(document, section, `${prefix}${name}`);
      return there !== undefined && ownerOf(there, section) !== fleet;
    }),
  );
}

function marked(entry: Entry, section: (typeof sections)[number], fleet: string, prefix: string): Entry {
  const key = section.slice(0, -1);
  const body = entry[key] as Record<string, unknown>;
  const renamed =
    section === 'contexts'
      ? { ...body, cluster: `${prefix}${body['cluster']}`, user: `${prefix}${body['user']}` }
      : body;
  const extensions = [{ name: extensionName, extension: { fleet } }];
  return { name: `${prefix}${entry.name}`, [key]: { ...renamed, extensions } };
}

function put(document: Document, section: (typeof sections)[number], entry: Entry): void {
  if (!isSeq(document.get(section))) document.set(section, new YAMLSeq());
  const entries = document.get(section);
  if (!isSeq(entries)) return;
  const node = document.createNode(entry);
  const there = entries.items.findIndex((item) => isMap(item) && item.get('name') === entry.name);
  if (there === -1) entries.items.push(node);
  else if (JSON.stringify(entries.items[there]) !== JSON.stringify(node)) entries.items[there] = node;
}

function find(document: Document, section: (typeof sections)[number], name: string): YAMLMap | undefined {
  const entries = document.get(section);
  if (!isSeq(entries)) return undefined;
  const found = entries.items.find((item) => isMap(item) && item.get('name') === name);
  return isMap(found) ? found : undefined;
}

/** The fleet whose mark an entry carries. */
function ownerOf(item: YAMLMap, section: (typeof sections)[number]): unknown {
  const extensions = item.getIn([section.slice(0, -1), 'extensions']);
  if (!isSeq(extensions)) return undefined;
  const mark = extensions.items.find((each) => isMap(each) && each.get('name') === extensionName);
  return isMap(mark) ? mark.getIn(['extension', 'fleet']) : undefined;
}
