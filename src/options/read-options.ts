/** Turns the words of flags and variables into values, before anything acts on them: what is not clear is refused, never guessed. */
import { Problem } from '../errors/problem.js';
import { combined } from '../errors/refuse.js';
import { commaParts, unescapeCommas } from './comma-lists.js';
import { invalid, noneEmpty } from './option.js';
import { flagOf, type OptionName, type Options, optionNames, optionOf, variableOf } from './table.js';
import { unknownVariables, variablesAlone } from './unknown-variables.js';

/** What stands on the command line: the words of each option, in their order; a flag without a value is `yes`. */
export interface Typed {
  readonly flags: Partial<Record<OptionName, readonly string[]>>;
  readonly names: readonly string[];
}

type Env = Readonly<Record<string, string | undefined>>;

/** Where a value comes from: `name` is the flag or the variable. */
interface Source {
  readonly name: string;
  readonly words: readonly string[];
  /** What is to be done about an empty value. */
  readonly leaveOut: string;
}

/**
 * A flag goes before its variable, and before the variables of what it excludes.
 * @param known the options of the command, and those of which it reads the variable alone
 * @returns also the Problem `invalid-value` that lists every word that cannot be taken for what its writer meant
 */
export function readOptions(
  { flags, names }: Typed,
  known: readonly OptionName[],
  env: Env,
): { readonly options: Options; readonly wrong: Problem | undefined } {
  const problems: Problem[] = [];
  const collect = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (thrown) {
      if (!(thrown instanceof Problem)) throw thrown;
      problems.push(...(thrown.parts.length > 0 ? thrown.parts : [thrown]));
      return undefined;
    }
  };
  const valuesOf = (source: (name: OptionName) => Source | undefined): Map<OptionName, unknown> => {
    const values = known.flatMap((name): [OptionName, unknown][] => {
      const value = collect(() => valueIn(name, source(name)));
      return value === undefined ? [] : [[name, value]];
    });
    return new Map(values);
  };
  const typed = valuesOf((name) => typedSource(name, flags[name]));
  const inEnv = valuesOf((name) => variableSource(name, env[variableOf(name)]));
  for (const variable of variablesAlone)
    collect(() => refuseEmpty({ name: variable, words: [env[variable] ?? 'x'], leaveOut: 'unset it' }));
  problems.push(...unknownVariables(env), ...exclusions(typed, flagOf), ...exclusions(inEnv, variableOf));
  if (names.some(isEmpty)) problems.push(invalid('expected a name, got an empty one'));
  const isExcluded = (name: OptionName): boolean =>
    [...typed].some(([other, value]) => value !== false && exclude(name, other));
  const values = optionNames.map((name) => [
    name,
    typed.get(name) ?? (isExcluded(name) ? undefined : inEnv.get(name)) ?? optionOf(name).fallback,
  ]);
  const options = { ...Object.fromEntries(values), names, typed: new Set(typed.keys()) } as Options;
  problems.push(...unmet(options));
  return { options, wrong: combined(problems, 'invalid-value', `${problems.length} values are invalid`) };
}

export const noOptions: Options = readOptions({ flags: {}, names: [] }, [], {}).options;

function typedSource(option: OptionName, words: readonly string[] | undefined): Source | undefined {
  if (words === undefined) return undefined;
  const name = flagOf(option);
  const different = [...new Set(words)];
  if (optionOf(option).between === undefined && different.length > 1) {
    const values = different.map((value) => JSON.stringify(value)).join(' and ');
    throw invalid(`${name}: expected one value, got ${values}`, [`set ${name} once`]);
  }
  return { name, words, leaveOut: 'omit it' };
}

function variableSource(option: OptionName, text: string | undefined): Source | undefined {
  if (text === undefined) return undefined;
  const { group, between, onlyTyped } = optionOf(option);
  if (onlyTyped) return undefined;
  const name = variableOf(option);
  if (group === 'loss') throw unread(name, flagOf(option));
  const source = { name, words: [text], leaveOut: 'unset it' };
  if (between === undefined || isEmpty(text)) return source;
  const parts = between === ',' ? commaParts(text) : text.split(between).map((part) => part.trim());
  return { ...source, words: noneEmpty(parts, text, name).map(between === ',' ? unescapeCommas : String) };
}

function valueIn(name: OptionName, source: Source | undefined): unknown {
  if (source === undefined) return undefined;
  refuseEmpty(source);
  return optionOf(name).read(source.words, source.name);
}

function refuseEmpty({ name, words, leaveOut }: Source): void {
  if (words.some(isEmpty))
    throw invalid(`${name}: expected a value, got an empty one`, [`set a value for ${name}, or ${leaveOut}`]);
}

function exclude(one: OptionName, other: OptionName): boolean {
  return optionOf(one).excludes.includes(other) || optionOf(other).excludes.includes(one);
}

/** Of two flags none goes before the other, and of two variables neither. */
function exclusions(given: ReadonlyMap<OptionName, unknown>, wordOf: (name: OptionName) => string): readonly Problem[] {
  const set = [...given].flatMap(([name, value]) => (value === false ? [] : [name]));
  return set.flatMap((name, index) => {
    const others = set.slice(index + 1).filter((other) => exclude(name, other));
    const isTold = set.slice(0, index).some((earlier) => exclude(earlier, name));
    if (others.length === 0 || isTold) return [];
    const [last = '', ...before] = [name, ...others].map(wordOf).reverse();
    const words = before.reverse().join(', ');
    const next = before.length === 1 ? `omit ${words} or ${last}` : 'omit all but one';
    return [invalid(`${words} and ${last}: expected one of them, got ${before.length === 1 ? 'both' : 'all'}`, [next])];
  });
}

/** A variable alone may have been set for other runs; a flag is meant for this one. */
function unmet(options: Options): readonly Problem[] {
  return [...options.typed].flatMap((name) => {
    const required = optionNames.find((each) => each === optionOf(name).requires);
    if (required === undefined || options[required]) return [];
    return [
      invalid(`${flagOf(name)} requires ${flagOf(required)}`, [`add ${flagOf(required)}, or omit ${flagOf(name)}`]),
    ];
  });
}

/** Ignored, it would leave somebody in the belief that they had agreed. */
function unread(variable: string, flag: string): Problem {
  return invalid(`${variable} is set, but ${flag} agrees to a loss and can only be set on the command line`, [
    `unset ${variable}, and add ${flag} to the command when you mean it`,
  ]);
}

function isEmpty(text: string): boolean {
  return text.trim() === '';
}
