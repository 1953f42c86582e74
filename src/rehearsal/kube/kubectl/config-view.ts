/** `kubectl config view --raw --minify --flatten --context=X --output=json`: one context of the user's kubeconfig. */
import { parse, YAMLError } from 'yaml';
import { readArguments, unmodelled } from '../../arguments.js';
import { at, isJson, type Json, listAt, textAt } from '../../json.js';
import type { ToolProcess } from '../../simulation.js';
import { Refusal } from '../api-server/refusal.js';
import { printJson } from './get.js';

const expected = { needed: 'context output=json raw=true minify=true flatten=true', switches: 'raw minify flatten' };

/** An entry of a section, and the folder that its relative paths start from. */
interface Entry {
  readonly value: Json;
  readonly folder: string;
}

const sections = ['clusters', 'users', 'contexts'] as const;
type Sections = Readonly<Record<(typeof sections)[number], readonly Entry[]>>;

/** Its words are those of kubectl 1.34 (observed). It reads files only, and no API. */
export async function viewConfig(process: ToolProcess): Promise<number> {
  const args = readArguments('kubectl', process, process.args, expected);
  if (args.positional.join(' ') !== 'config view') throw unmodelled('kubectl', process);
  await process.takes(30);
  try {
    printJson(process, minified(process, args.value('context')));
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    process.err(`error: ${thrown.message}`);
    return 1;
  }
}

function minified(process: ToolProcess, name: string): Json {
  const all = readAll(process);
  const context = named(all, 'contexts', name);
  if (context === undefined) throw refusal(`cannot locate context ${name}`);
  const clusterName = textAt(context.value, 'context', 'cluster');
  const userName = textAt(context.value, 'context', 'user');
  const cluster = named(all, 'clusters', clusterName);
  if (clusterName !== '' && cluster === undefined) throw refusal(`cannot locate cluster ${clusterName}`);
  const user = named(all, 'users', userName);
  if (userName !== '' && user === undefined) throw refusal(`cannot locate user ${userName}`);
  const certificates = ['certificate-authority', 'client-certificate', 'client-key'];
  const shown = (entry: Entry | undefined, section: 'cluster' | 'user') =>
    entry === undefined ? null : [flattened(process, entry, section, certificates)];
  return {
    kind: 'Config',
    apiVersion: 'v1',
    clusters: shown(cluster, 'cluster'),
    users: shown(user, 'user'),
    contexts: [context.value],
    'current-context': name,
  };
}

/** All files of KUBECONFIG, else `~/.kube/config`; those that are not there are passed over. */
function readAll(process: ToolProcess): Sections {
  const named = (process.variable('KUBECONFIG') ?? '').split(':').filter((path) => path !== '');
  const paths = named.length > 0 ? named : [`${process.variable('HOME')}/.kube/config`];
  const all: Record<(typeof sections)[number], Entry[]> = { clusters: [], users: [], contexts: [] };
  for (const path of paths) {
    const config = readOne(process, path);
    const folder = path.slice(0, path.lastIndexOf('/'));
    for (const section of sections) {
      for (const value of listAt(config, section)) if (isJson(value)) all[section].push({ value, folder });
    }
  }
  return all;
}

/** kubeconfigs are YAML 1.1. */
function readOne(process: ToolProcess, path: string): unknown {
  try {
    return parse(process.readFile(path) ?? '', { version: '1.1' });
  } catch (thrown) {
    if (!(thrown instanceof YAMLError)) throw thrown;
    const [line = 'unknown'] = thrown.message.split('\n');
    throw refusal(`error loading config file "${path}": yaml: ${line}`);
  }
}

/** Of a name that two files have, the first counts. */
function named(all: Sections, section: (typeof sections)[number], name: string): Entry | undefined {
  return all[section].find(({ value }) => textAt(value, 'name') === name);
}

/** Files of certificates and keys are put in by their text. */
function flattened(process: ToolProcess, { value, folder }: Entry, section: string, files: readonly string[]): Json {
  const inner = at(value, section);
  const shown: Json = isJson(inner) ? { ...inner } : {};
  for (const key of files) {
    const path = textAt(shown, key);
    if (path === '') continue;
    const absolute = path.startsWith('/') ? path : `${folder}/${path}`;
    const text = process.readFile(absolute);
    if (text === undefined) throw refusal(`open ${absolute}: no such file or directory`);
    delete shown[key];
    shown[`${key}-data`] = Buffer.from(text).toString('base64');
  }
  if (isJson(shown['exec'])) shown['exec'] = { provideClusterInfo: false, ...shown['exec'] };
  return { name: textAt(value, 'name'), [section]: shown };
}

function refusal(message: string): Refusal {
  return new Refusal('Connection', message);
}
