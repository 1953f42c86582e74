/** Adds the fleet's contexts to the user's kubeconfig, and removes them; all else keeps its meaning. */
import { isDeepStrictEqual } from 'node:util';
import { ownKubeconfig } from './kubeconfig.js';
import type { ListChange } from './kubeconfig-nodes.js';
import {
  asRead,
  changedText,
  type Kubeconfig,
  type KubeconfigFile,
  readKubeconfig,
  type Section,
  sections,
} from './kubeconfig-text.js';

/** Marks our entries; kubectl keeps extensions it does not know. */
const extensionName = 'karmada-eks';

interface Entry {
  readonly name: string;
  readonly [key: string]: unknown;
}

export interface Owner {
  /** Decides who owns an entry. */
  readonly id: string;
  /** Prefix for names that are already taken. */
  readonly name: string;
}

interface Mark {
  readonly fleet: string;
  /** The previous current context, on contexts only: `down` restores it. */
  readonly before?: string;
}

export interface Merge {
  readonly fleet: Owner;
  /** The fleet's kubeconfigs, as JSON texts. */
  readonly own: readonly string[];
  /** The context that becomes the current one. */
  readonly current: string | undefined;
  /** The other files in KUBECONFIG, whose names are taken too. */
  readonly others: readonly KubeconfigFile[];
}

export interface Merged {
  readonly text: string;
  /** The names of the contexts in the file; a name that is already taken is prefixed with the fleet's. */
  readonly contexts: readonly string[];
  /** Whether the file contained no entries of any fleet before. */
  readonly isFirst: boolean;
}

/** The user's kubeconfig with the contexts of the fleet added. @throws Problem `kubeconfig-malformed` */
export function withContexts(file: KubeconfigFile, { fleet, own, current, others }: Merge): Merged {
  const there = readKubeconfig(file);
  const taken = takenNames([there, ...others.map(readKubeconfig)], fleet.id);
  const lists = { clusters: grow(there, 'clusters'), contexts: grow(there, 'contexts'), users: grow(there, 'users') };
  const mark: Mark = { fleet: fleet.id, ...currentBefore(there, fleet.id, current !== undefined) };
  const contexts: string[] = [];
  let wanted: string | undefined;
  for (const each of own) {
    const config = ownKubeconfig(each);
    const [context] = config.contexts;
    if (context === undefined) continue;
    const prefix = freePrefix(taken, config, fleet);
    for (const section of sections) {
      for (const entry of config[section]) lists[section].put(marked(entry, section, mark, prefix));
    }
    contexts.push(`${prefix}${context.name}`);
    if (context.name === current) wanted = `${prefix}${context.name}`;
  }
  const set = wanted === there.current ? undefined : wanted;
  const isFirst = sections.every((section) =>
    there.lists[section].every((item) => ownerOf(item, section) === undefined),
  );
  if (set === undefined && sections.every((section) => !lists[section].changes())) {
    return { text: file.text ?? '', contexts, isFirst };
  }
  return { text: changedText(there, { lists, current: set }), contexts, isFirst };
}

/**
 * The user's kubeconfig without the entries that carry the fleet's mark, or without some of them.
 * @param goes decides by name whether a context is removed; its cluster and user go with it unless another context
 * needs them @throws Problem `kubeconfig-malformed`
 */
export function withoutContexts(file: KubeconfigFile, fleet: string, goes?: (name: unknown) => boolean): string {
  const text = file.text ?? '';
  // A file that was never ours does not even have to be readable.
  if (!text.includes(fleet)) return text;
  const there = readKubeconfig(file);
  const isOurs = (item: unknown, section: Section): boolean => ownerOf(item, section) === fleet;
  const isRemoved = (item: unknown): boolean => isOurs(item, 'contexts') && goes?.(nameOf(item)) !== false;
  const cut = (section: Section): ListChange => {
    const { contexts } = there.lists;
    const needed = names(
      contexts.filter((item) => !isRemoved(item)),
      section,
    );
    const released = names(contexts.filter(isRemoved), section);
    const isCut = (item: unknown): boolean => {
      if (section === 'contexts') return isRemoved(item);
      const name = nameOf(item);
      return goes === undefined || (!needed.has(name) && (released.has(name) || goes(name)));
    };
    const ours = there.lists[section].flatMap((item, index) => (isOurs(item, section) && isCut(item) ? [index] : []));
    return { cut: new Set(ours), replaced: new Map(), added: [] };
  };
  const lists = { clusters: cut('clusters'), contexts: cut('contexts'), users: cut('users') };
  if (sections.every((section) => lists[section].cut.size === 0)) return text;
  const gone = there.lists.contexts.filter((_, index) => lists.contexts.cut.has(index));
  const isCurrent = gone.some((item) => nameOf(item) === there.current);
  return changedText(there, { lists, current: isCurrent ? beforeOf(gone) : undefined });
}

/** The value of `Mark.before`; a context that was chosen later is restored instead of an earlier one. */
function currentBefore(there: Kubeconfig, fleet: string, isSwitch: boolean): Pick<Mark, 'before'> {
  const ours = there.lists.contexts.filter((item) => ownerOf(item, 'contexts') === fleet);
  if (isSwitch && !ours.some((item) => nameOf(item) === there.current)) return { before: there.current };
  return ours.some((item) => fieldOf(markOf(item, 'contexts'), 'before') !== undefined)
    ? { before: beforeOf(ours) }
    : {};
}

function beforeOf(contexts: readonly unknown[]): string {
  const names = contexts.map((item) => fieldOf(markOf(item, 'contexts'), 'before'));
  return String(names.find((name) => name !== undefined) ?? '');
}

/** The clusters or users that contexts refer to. */
function names(contexts: readonly unknown[], section: Section): ReadonlySet<unknown> {
  return new Set(contexts.map((item) => fieldOf(fieldOf(item, 'context'), section.slice(0, -1))));
}

/** Whether an entry of the fleet represents a context with this name: `freePrefix` may have added a prefix. */
export function isEntryFor(entry: unknown, context: string, { id, name }: Owner): boolean {
  if (entry === context || entry === `${name}-${context}`) return true;
  return typeof entry === 'string' && entry.startsWith(`${id}-`) && entry.endsWith(`-${context}`);
}

/** Undefined if the context is not in the file. @throws Problem `kubeconfig-malformed` */
export function nameIn(file: KubeconfigFile, context: string, fleet: Owner): string | undefined {
  if (file.text?.includes(fleet.id) !== true) return undefined;
  const ours = readKubeconfig(file).lists.contexts.filter((item) => ownerOf(item, 'contexts') === fleet.id);
  const names = ours.map(nameOf).filter((name) => typeof name === 'string' && isEntryFor(name, context, fleet));
  return names.map(String).sort((one, other) => one.length - other.length)[0];
}

/** Base64 of the certificate of a context's user; undefined if the context is not in the file. @throws Problem `kubeconfig-malformed` */
export function certificateOfContext(file: KubeconfigFile, context: string, fleet: Owner): string | undefined {
  const name = nameIn(file, context, fleet);
  if (name === undefined) return undefined;
  const { contexts, users } = readKubeconfig(file).lists;
  const user = fieldOf(
    fieldOf(
      contexts.find((item) => nameOf(item) === name),
      'context',
    ),
    'user',
  );
  const body = fieldOf(
    users.find((item) => nameOf(item) === user),
    'user',
  );
  const data = fieldOf(body, 'client-certificate-data');
  return typeof data === 'string' ? data : undefined;
}

/** Whether a file contains an entry of the fleet. @throws Problem `kubeconfig-malformed` */
export function holdsContexts(file: KubeconfigFile, fleet: string): boolean {
  return withoutContexts(file, fleet) !== (file.text ?? '');
}

/** The change that adds entries to a list: replacing one with the same name, otherwise appended. */
function grow(there: Kubeconfig, section: Section): ListChange & { put(entry: Entry): void; changes(): boolean } {
  const places = new Map(there.lists[section].map((item, index) => [nameOf(item), index]));
  const replaced = new Map<number, object>();
  const added: Entry[] = [];
  return {
    cut: new Set(),
    replaced,
    added,
    put: (entry) => {
      const place = places.get(entry.name);
      if (place === undefined) return void added.push(entry);
      const kept = withTheirs(entry, there.lists[section][place], section);
      // kubectl sorts the keys of what it writes.
      if (!isDeepStrictEqual(there.lists[section][place], asRead(kept))) replaced.set(place, kept);
    },
    changes: () => replaced.size + added.length > 0,
  };
}

/** An entry including what the user added to it, e.g. the namespace of a context. */
function withTheirs(entry: Entry, there: unknown, section: Section): Entry {
  const key = section.slice(0, -1);
  const theirs = fieldOf(there, key);
  return { name: entry.name, [key]: { ...(typeof theirs === 'object' ? theirs : {}), ...(entry[key] as object) } };
}

/** The names in each section that do not belong to the fleet. */
function takenNames(configs: readonly Kubeconfig[], fleet: string): Readonly<Record<Section, ReadonlySet<unknown>>> {
  const names = (section: Section): ReadonlySet<unknown> =>
    new Set(
      configs.flatMap(({ lists }) => lists[section].filter((item) => ownerOf(item, section) !== fleet).map(nameOf)),
    );
  return { clusters: names('clusters'), contexts: names('contexts'), users: names('users') };
}

/** No prefix, the fleet's name, or its id and a number: the first that does not conflict with other entries. */
function freePrefix(
  taken: ReturnType<typeof takenNames>,
  config: ReturnType<typeof ownKubeconfig>,
  { id, name: fleetName }: Owner,
): string {
  let prefix = '';
  for (
    let n = 1;
    sections.some((each) => config[each].some(({ name }) => taken[each].has(`${prefix}${name}`)));
    n += 1
  ) {
    prefix = n === 1 ? `${fleetName}-` : `${id}-${n}-`;
  }
  return prefix;
}

function marked(entry: Entry, section: Section, mark: Mark, prefix: string): Entry {
  const key = section.slice(0, -1);
  const body = entry[key] as Record<string, unknown>;
  const renamed =
    section === 'contexts'
      ? { ...body, cluster: `${prefix}${body['cluster']}`, user: `${prefix}${body['user']}` }
      : body;
  const extension = section === 'contexts' ? mark : { fleet: mark.fleet };
  const extensions = [{ name: extensionName, extension }];
  return { name: `${prefix}${entry.name}`, [key]: { ...renamed, extensions } };
}

function nameOf(item: unknown): unknown {
  return fieldOf(item, 'name');
}

/** The fleet whose mark an entry carries. */
function ownerOf(item: unknown, section: Section): unknown {
  return fieldOf(markOf(item, section), 'fleet');
}

function markOf(item: unknown, section: Section): unknown {
  const extensions = fieldOf(fieldOf(item, section.slice(0, -1)), 'extensions');
  if (!Array.isArray(extensions)) return undefined;
  const mark: unknown = extensions.find((each: unknown) => nameOf(each) === extensionName);
  return fieldOf(mark, 'extension');
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
