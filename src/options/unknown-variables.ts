/** Variables with the program's prefix that it does not know: usually a typo, which would be ignored silently. */
import { didYouMean } from '../errors/did-you-mean.js';
import { Problem } from '../errors/problem.js';
import { optionNames, variableOf } from './table.js';

const prefix = 'KARMADA_EKS_';

/** Variables that have no flag. */
export const variablesAlone: readonly string[] = [
  'KARMADA_EKS_HOME',
  'KARMADA_EKS_DEFAULT_VPC',
  'KARMADA_EKS_REHEARSED_VPC',
];

/** Those of every command: what is set for another one is no slip. */
const known: readonly string[] = [...variablesAlone, ...new Set(optionNames.map(variableOf))];

/** One Problem `invalid-value` for each. */
export function unknownVariables(env: Readonly<Record<string, string | undefined>>): readonly Problem[] {
  const set = Object.keys(env).filter((name) => name.startsWith(prefix) && env[name] !== undefined);
  return set.filter((name) => !known.includes(name)).map(unknown);
}

function unknown(name: string): Problem {
  const meant = didYouMean(name, known);
  return new Problem('invalid-value', {
    what: `${name} is set, but karmada-eks has no such variable`,
    next: [meant === undefined ? `unset ${name}` : `did you mean ${meant}? If not, unset ${name}`],
  });
}
