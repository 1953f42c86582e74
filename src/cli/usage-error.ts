/** Turns commander's usage errors into Problems. */
import type { CommanderError } from 'commander';
import { Problem } from '../errors/problem.js';

/** commander's messages that are replaced by ours (14.0, lib/command.js and lib/argument.js). */
const rewritten: readonly (readonly [RegExp, string])[] = [
  [/^too many arguments(?: for '.*')?\. Expected (\d+) arguments? but got (\d+)\.$/, 'expected $1 arguments, got $2'],
  [/^unknown option/, 'unknown flag'],
  [/^expected 1 arguments/, 'expected 1 argument'],
  [/^missing required argument '(.*)'$/, 'expected <$1>, got nothing'],
  [/^option '(?:-\w, )?(--[\w-]+).*' argument missing$/, '$1: expected a value, got nothing'],
  [
    /^command-argument value '(.*)' is invalid for argument '(.*)'\. Allowed choices are (.*)\.$/,
    '$2: expected one of $3, got "$1"',
  ],
];

/** `about` is the command that was meant, as it is typed; the empty text where none was. */
export function usageProblem({ message }: CommanderError, about: string): Problem {
  const [, said = message, meant] = /^(?:error: )?(.*?)(?:\n\((Did you mean .*\?)\))?$/s.exec(message) ?? [];
  const what = rewritten.reduce((text, [theirs, ours]) => text.replace(theirs, ours), said);
  const help = ['karmada-eks', about, '--help'].filter(Boolean).join(' ');
  const suggestion = meant === undefined ? [] : [meant.replace('Did', 'did')];
  return new Problem('invalid-usage', { what, next: [...suggestion, `run '${help}' for usage`] });
}
