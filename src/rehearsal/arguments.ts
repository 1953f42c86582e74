/** Takes an argv apart: words, `--flag=value`, switches and `-f -`; whatever is not expected is not modelled. */
import { Problem } from '../errors/problem.js';
import type { ToolProcess } from './simulation.js';

/** The flags that a command understands: names without dashes, separated by spaces. `-f -` is `filename`. */
export interface Expected {
  readonly values?: string;
  /** May also be written `--name=true`. */
  readonly switches?: string;
  /** Those without which the command is not modelled; with `name=value`, this value only. */
  readonly needed?: string;
  /** How many words there may be besides; any number when not given. */
  readonly words?: readonly number[];
}

export interface Arguments {
  readonly positional: readonly string[];
  /** The value of a flag; empty when it was not given. */
  readonly value: (name: string) => string;
  readonly has: (name: string) => boolean;
}

/** Raises Problem `rehearsal-unmodelled` with the argv for a flag that is not expected, and without one that is needed. */
export function readArguments(
  tool: string,
  process: ToolProcess,
  args: readonly string[],
  { values = '', switches = '', needed = '', words }: Expected,
): Arguments {
  const required = wordsIn(needed);
  const withValue = ['filename', ...wordsIn(values), ...required.map((flag) => flag.split('=')[0] ?? '')];
  const positional: string[] = [];
  const given = new Map<string, string>();
  for (const arg of longFlags(args)) {
    const [, name = '', value] = /^--([\w-]+)(?:=([\s\S]*))?$/.exec(arg) ?? [];
    if (!arg.startsWith('-')) positional.push(arg);
    else if (value !== undefined && withValue.includes(name)) given.set(name, value);
    else if (wordsIn(switches).includes(name)) given.set(name, value ?? 'true');
    else throw unmodelled(tool, process, `flag ${arg}`);
  }
  if (words?.includes(positional.length) === false) throw unmodelled(tool, process);
  const missing = required.find((flag) => isMissing(flag, given));
  if (missing !== undefined) throw unmodelled(tool, process, `without --${missing}`);
  return { positional, value: (name) => given.get(name) ?? '', has: (name) => given.has(name) };
}

/** `-f -`, of which nothing but standard input is modelled, is `--filename=-`. */
function longFlags(args: readonly string[]): readonly string[] {
  const isInput = (index: number): boolean => args[index] === '-f' && args[index + 1] === '-';
  return args.flatMap((arg, index) => (isInput(index) ? '--filename=-' : isInput(index - 1) ? [] : arg));
}

function isMissing(flag: string, given: ReadonlyMap<string, string>): boolean {
  const [name = '', wanted] = flag.split('=');
  return wanted === undefined ? !given.has(name) : given.get(name) !== wanted;
}

/** The error for an invocation that the rehearsal does not know. */
export function unmodelled(tool: string, process: Pick<ToolProcess, 'args'>, why?: string): Problem {
  return new Problem('rehearsal-unmodelled', {
    what: `the rehearsal does not model: ${tool} ${process.args.join(' ')}`,
    ...(why === undefined ? {} : { why }),
  });
}

/** The parts of a list with separators; none for an empty text. */
export function wordsIn(text: string, separator = ' '): readonly string[] {
  return text.split(separator).filter((part) => part !== '');
}

/** `k1=v1,k2=v2`. */
export function pairsIn(text: string): Record<string, string> {
  const parts = wordsIn(text, ',').filter((part) => part.includes('='));
  return Object.fromEntries(parts.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]));
}
