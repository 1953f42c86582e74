/** Takes an argv apart: `--flag=value`, switches, `-f -` and the rest; whatever is not expected is not modelled. */
import { Problem } from '../errors/problem.js';
import type { ToolProcess } from './simulation.js';

/** What a subcommand understands. */
export interface Expected {
  /** Names of flags that take a value, without the dashes. */
  readonly values: readonly string[];
  /** Names of switches, which may also be written `--name=true`. */
  readonly switches?: readonly string[];
}

export interface Arguments {
  readonly positional: readonly string[];
  /** The value of a flag; empty when it was not given. */
  readonly value: (name: string) => string;
  readonly has: (name: string) => boolean;
}

/** Raises Problem `rehearsal-unmodelled` with the argv for a flag that is not expected. */
export function readArguments(
  tool: string,
  process: ToolProcess,
  args: readonly string[],
  expected: Expected,
): Arguments {
  const positional: string[] = [];
  const given = new Map<string, string>();
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    const [, name = '', value] = /^--([\w-]+)(?:=([\s\S]*))?$/.exec(arg) ?? [];
    if (arg === '-f' && args[index + 1] === '-') {
      given.set('filename', '-');
      index += 1;
    } else if (!arg.startsWith('-')) positional.push(arg);
    else if (value !== undefined && expected.values.includes(name)) given.set(name, value);
    else if (expected.switches?.includes(name)) given.set(name, value ?? 'true');
    else throw unmodelled(tool, process);
  }
  return { positional, value: (name) => given.get(name) ?? '', has: (name) => given.has(name) };
}

/** The error for an invocation that the rehearsal does not know. */
export function unmodelled(tool: string, process: ToolProcess, why?: string): Problem {
  return new Problem('rehearsal-unmodelled', {
    what: `the rehearsal does not model: ${tool} ${process.args.join(' ')}`,
    ...(why === undefined ? {} : { why }),
  });
}
