/** What was sent as text for a snapshot: without what differs from run to run, such as times, ids and certificates. */
import { stringify } from 'yaml';
import type { Command } from '../../src/world/exec.js';
import { fleetFolder } from '../lifecycle/fleet.js';
import type { SentCall } from './recorded.js';

/** An object for Kubernetes or eksctl, by the name of its snapshot. */
export type SentObjects = ReadonlyMap<string, object>;

interface Named {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string };
  readonly items?: readonly Named[];
}

const changing: readonly (readonly [RegExp, string])[] = [
  [new RegExp(fleetFolder, 'g'), '<fleet>'],
  [/\/home\/you\/\.local\/share\/karmada-eks\/tokens\/[\w@.-]+\.json/g, '<kubeconfig with a token>'],
  [/\b[0-9a-z]{12}(?=\.111122223333\.us-west-2\b)/g, '<id>'],
  [/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>'],
  [/\/init\/\d+/g, '/init/<time>'],
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<uuid>'],
  [/\b[0-9A-F]{32}(?=\.gr7\.)/g, '<cluster>'],
  [/\b203\.0\.113\.\d+/g, '<address>'],
  [/\b[0-9a-f]{32}-[0-9a-f]{16}(?=\.elb\.)/g, '<load balancer>'],
  [/\b[a-z0-9]{6}\.[a-z0-9]{16}\b/g, '<token>'],
  [/(?<=token delete )[a-z0-9]{6}\b/g, '<token id>'],
  [/\b[0-9a-f]{64}\b/g, '<sha256>'],
  [/[A-Za-z0-9+/]{60,}={0,2}/g, '<base64>'],
  [/(resourceVersion: ")\d+/g, '$1<revision>'],
  [/machine-rehearsal\/\d+\/\d+/g, '<machine>'],
];

/** The text without what is another every time. */
export function steady(text: string): string {
  return changing.reduce((now, [pattern, instead]) => now.replace(pattern, instead), text);
}

/** As YAML, which shows nested objects best; nothing is folded. */
export function yaml(value: unknown): string {
  return steady(stringify(value, { lineWidth: 0 }));
}

/**
 * The commands as somebody would type them, a line for each flag; of standard input the names of what it holds. Signs of life are
 * left out: how many there are is a matter of time.
 */
export function script(commands: readonly Command[]): string {
  return `${commands
    .filter(({ args }) => !args.includes('replace'))
    .map(lineOf)
    .join('\n\n')}\n`;
}

function lineOf({ tool, args, stdin }: Command): string {
  const lines: string[] = [];
  let last = tool as string;
  for (const arg of args) {
    if (arg.startsWith('--') || last.startsWith('--')) {
      lines.push(last);
      last = arg;
    } else last = `${last} ${arg}`;
  }
  lines.push(last);
  if (stdin !== undefined) lines.push(`< ${objectsIn(stdin).map(nameOf).join(', ')}`);
  return steady(lines.join(' \\\n    '));
}

/** The calls, each with all its input, sorted: many go on at once. Ids are left out, as they tell how much was made before. */
export function callList(calls: readonly SentCall[]): string {
  return calls
    .map(({ operation, region, input }) => steady(`${operation} ${region} ${JSON.stringify(input)}\n`))
    .toSorted()
    .join('')
    .replace(/-[0-9a-f]{17}\b/g, '-<id>');
}

/** The objects that went to the tools on standard input, by cluster and name, of what was sent again and again the first. */
export function objectsOf(commands: readonly Command[]): SentObjects {
  const found = new Map<string, object>();
  for (const command of commands) {
    for (const object of objectsIn(command.stdin ?? '')) {
      if (object.metadata === undefined) continue;
      const key = `${contextOf(command)}.${nameOf(object).replace(' ', '.')}`;
      if (!found.has(key)) found.set(key, object);
    }
  }
  return found;
}

/** Of eksctl's, what a ClusterConfig is for where a cluster gets several. */
function contextOf({ tool, args }: Command): string {
  if (args.includes('iamserviceaccount')) return `${tool}.iamserviceaccount`;
  return args.find((arg) => arg.startsWith('--context='))?.slice('--context='.length) ?? tool;
}

function objectsIn(stdin: string): readonly Named[] {
  if (stdin === '') return [];
  const object = JSON.parse(stdin) as Named;
  return object.items ?? [object];
}

/** What is not known yet is no object, but one of text. */
function nameOf(object: Named): string {
  const { kind = JSON.stringify(object), metadata } = object;
  return [kind, metadata?.name].filter((part) => part !== undefined).join(' ');
}
