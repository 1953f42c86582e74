/** Variables with the program's prefix that it does not know: usually a typo, which would be ignored silently. */
import { Problem } from '../errors/problem.js';
import { optionNames, variableOf } from './table.js';

const prefix = 'KARMADA_EKS_';

/** Variables that have no flag. */
export const variablesAlone: readonly string[] = ['KARMADA_EKS_HOME', 'KARMADA_EKS_DEFAULT_VPC'];

/** Those of every command: what is set for another one is no slip. */
const known: readonly string[] = [...variablesAlone, ...new Set(optionNames.map(variableOf))];

/** How many letters may be wrong, missing or too many for a word to be meant. */
const mostSlips = 2;

/** One Problem `invalid-value` for each. */
export function unknownVariables(env: Readonly<Record<string, string | undefined>>): readonly Problem[] {
  const set = Object.keys(env).filter((name) => name.startsWith(prefix) && env[name] !== undefined);
  return set.filter((name) => !known.includes(name)).map(unknown);
}

function unknown(name: string): Problem {
  const [nearest] = known
    .map((each) => ({ each, slips: slipsBetween(name, each) }))
    .filter(({ slips }) => slips <= mostSlips)
    .sort((one, other) => one.slips - other.slips);
  return new Problem('invalid-value', {
    what: `${name} is set, but karmada-eks has no such variable`,
    next: [nearest === undefined ? `unset ${name}` : `did you mean ${nearest.each}? If not, unset ${name}`],
  });
}

/** The least number of letters to change, put in or take out (Levenshtein). */
function slipsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (const [index, wanted] of [...other].entries()) {
      const [left = 0, above = 0, before = 0] = [next[index], row[index + 1], row[index]];
      next.push(Math.min(left + 1, above + 1, before + (letter === wanted ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
