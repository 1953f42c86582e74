/** What an option is: its flag, its variable, and how its words become a value. */
import { Problem } from '../errors/problem.js';
import { refuse } from '../errors/refuse.js';
import type { FleetRequest } from '../fleet/schema.js';
import { durationMs } from '../fleet/settings/duration.js';
import { commaParts, memberFields, unescapeCommas } from './comma-lists.js';
import { yesOrNo, yesOrNoWords } from './yes-or-no.js';

/** Where help shows an option. */
export type OptionGroup = 'fleet' | 'members' | 'clusters' | 'karmada' | 'access' | 'run' | 'loss' | 'common';

/**
 * commander reads flags into words and lays out help. Variables and choices are read here: it takes variables from the process alone, and
 * checks choices in flags only (14.0, lib/command.js `_parseOptionsEnv`, lib/option.js `choices`).
 */
export interface Option<Value = unknown> {
  /** As commander wants it, e.g. `-o, --output <format>`. */
  readonly flags: string;
  readonly help: string;
  readonly group: OptionGroup;
  /** Several values are separated by it in the variable; undefined: it takes one value, whether by flag or variable. */
  readonly between?: ',' | ';';
  /** It is meant for one run, or has the name of another option's flag: no variable stands for it. */
  readonly onlyTyped?: boolean;
  /** The part of a fleet's description that it fills. */
  readonly fills?: keyof FleetRequest;
  /** All that it may be. */
  readonly values?: readonly string[];
  /** Options of which only one can be given, by their keys; it is enough that one names the other. */
  readonly excludes: readonly string[];
  /** The option without which it means nothing, by its key. */
  readonly requires?: string;
  /** The value where it is not given. */
  readonly fallback: Value;
  /** `name` is the flag or the variable, for errors. @throws Problem `invalid-value` */
  readonly read: (words: readonly string[], name: string) => Value;
}

type Details = Partial<Omit<Option, 'flags' | 'help' | 'read' | 'fallback'>>;
type Read<Value> = Option<Value>['read'];

function option<Value, Fallback>(
  [flags, help]: readonly [string, string],
  read: Read<Value>,
  fallback: Fallback,
  details: Details = {},
): Option<Value | Fallback> {
  return { group: 'run', excludes: [], ...details, flags, help, read, fallback };
}

const readText: Read<string> = ([word = '']) => word;
const readYes: Read<boolean> = ([word = ''], name) => {
  const value = yesOrNo(word);
  if (value === undefined) throw expected(name, yesOrNoWords, word);
  return value;
};
/** Other words stay what they are, for the schema to refuse. */
const readCount: Read<number | string> = ([word = '']) => (/^\d+$/.test(word) ? Number(word) : word);
const readList: Read<readonly string[]> = (words, name) =>
  words.flatMap((word) => noneEmpty(commaParts(word), word, name).map(unescapeCommas));
/** A key that is given twice would have one of its values forgotten. */
const readPairs: Read<Readonly<Record<string, string>>> = (words, name) => {
  const pairs = readList(words, name).map((word): [string, string] => {
    const at = word.indexOf('=');
    if (at < 1) throw expected(name, 'KEY=VALUE', word);
    return [word.slice(0, at), word.slice(at + 1)];
  });
  const twice = pairs.find(([key, value], index) =>
    pairs.slice(0, index).some(([other, before]) => other === key && before !== value),
  );
  if (twice !== undefined) throw invalid(`${name}: expected one value for ${twice[0]}, got several`);
  return Object.fromEntries(pairs);
};

/** A flag without a value is `yes`, in a variable too. */
const readTextOr =
  (preset: string): Read<string | undefined> =>
  ([word = '']) => {
    const answer = yesOrNo(word);
    if (answer === undefined) return word;
    return answer ? preset : undefined;
  };

/** Part of what describes a fleet: what is not given is left open. */
export const fleetOption = {
  text: (flags: string, help: string, fills: keyof FleetRequest, details?: Details) =>
    option([flags, help], readText, undefined, { group: 'fleet', fills, ...details }),
  /** `--flag [value]`: without a value it is `preset`. */
  textOr: (preset: string, flags: string, help: string, fills: keyof FleetRequest, details?: Details) =>
    option([flags, help], readTextOr(preset), undefined, { group: 'fleet', fills, ...details }),
  yes: (flags: string, help: string, fills: keyof FleetRequest, details?: Details) =>
    option([flags, help], readYes, undefined, { group: 'fleet', fills, ...details }),
  count: (flags: string, help: string, fills: keyof FleetRequest, details?: Details) =>
    option([flags, help], readCount, undefined, { group: 'fleet', fills, ...details }),
  /** May be given several times, and separated by commas in a flag too. */
  list: (flags: string, help: string, fills: keyof FleetRequest, details?: Details) =>
    option([flags, help], readList, undefined, { group: 'fleet', fills, between: ',', ...details }),
  /** `key=value`, may be given several times. */
  pairs: (flags: string, help: string, fills: keyof FleetRequest, details?: Details) =>
    option([flags, help], readPairs, undefined, { group: 'fleet', fills, between: ',', ...details }),
  members: (flags: string, help: string, fills: keyof FleetRequest, details?: Details) =>
    option([flags, help], readMembers, undefined, { group: 'fleet', fills, between: ';', ...details }),
};

export function textOption(flags: string, help: string, details?: Details): Option<string | undefined> {
  return option([flags, help], readText, undefined, details);
}

/** A flag without a value; the variable is yes or no. */
export function yesOption(flags: string, help: string, details?: Details): Option<boolean> {
  return option([flags, help], readYes, false, details);
}

/** A flag that agrees to a loss has no variable: that may have been set by somebody else, or for another fleet. */
export function lossOption(flags: string, help: string, excludes: readonly string[] = []): Option<boolean> {
  return yesOption(flags, help, { group: 'loss', excludes });
}

/** May be given several times; a comma in a flag is part of the value. */
export function textsOption(flags: string, help: string, details?: Details): Option<readonly string[]> {
  return option([flags, help], (words) => words, [], { ...details, between: ',' });
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly isWhole: boolean;
}

export function numberOption<Fallback extends number | undefined>(
  flags: string,
  help: string,
  { from, to, isWhole }: Range,
  fallback: Fallback,
  details?: Details,
): Option<number | Fallback> {
  const read: Read<number> = ([word = ''], name) => {
    const value = word.trim() === '' ? Number.NaN : Number(word);
    if (value >= from && value <= to && (Number.isInteger(value) || !isWhole)) return value;
    throw expected(name, `a ${isWhole ? 'whole ' : ''}number from ${from} to ${to}`, word);
  };
  return option([flags, help], read, fallback, details);
}

/** A length of time, as it was typed and in ms. */
export interface Duration {
  readonly text: string;
  readonly ms: number;
}

const readDuration: Read<Duration> = ([word = ''], name) => {
  const ms = durationMs(word);
  if (ms === undefined) throw expected(name, 'a duration such as 90s, 10m or 1h30m', word);
  return { text: word, ms };
};

export function durationOption(flags: string, help: string, fallback: Duration, details?: Details): Option<Duration> {
  return option([flags, help], readDuration, fallback, details);
}

/** One of these words, the first where it is not given. */
export function choiceOption<Word extends string>(
  flags: string,
  help: string,
  values: readonly [Word, ...Word[]],
  details?: Details,
): Option<Word> {
  const words = `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
  const read: Read<Word> = ([word = ''], name) => {
    const value = values.find((each) => each === word);
    if (value === undefined) throw expected(name, words, word);
    return value;
  };
  const whole = [help, `${words} (default: ${values[0]})`].filter(Boolean).join(': ');
  return option([flags, whole], read, values[0], { ...details, values });
}

/** `-o`: one of these formats, the first where it is not given. */
export function outputOption<Format extends string>(...values: readonly [Format, ...Format[]]): Option<Format> {
  return choiceOption('-o, --output <format>', '', values, { excludes: ['json'] });
}

/** Unchecked, as a file may have it. */
export type RawMember = Readonly<Record<string, unknown>>;

const readMembers: Read<readonly RawMember[]> = (words, name) => {
  const read = words.map((word) => readMember(word, name));
  const parts = read.flatMap(({ problems }) => problems);
  refuse(parts, 'invalid-value', `${name}: ${parts.length} values are invalid`);
  return read.map(({ member }) => member);
};

/** Unknown fields are left to the schema. */
function readMember(word: string, name: string): { readonly member: RawMember; readonly problems: readonly Problem[] } {
  const fields = memberFields(word).map(([field, text]) => [spelled(field), text] as const);
  const quoted = JSON.stringify(word);
  const names = fields.filter(([, value]) => value !== undefined).map(([field]) => field);
  const twice = [...new Set(names.filter((field, index) => names.indexOf(field) !== index))];
  const isEmptyPart = fields.some(([field, value]) => field === '' && value === undefined);
  const problems = [
    ...(isEmptyPart ? [invalid(`${name}: expected FIELD=VALUE, got an empty field in ${quoted}`)] : []),
    ...fields.flatMap(([field, text]) => {
      if (text === undefined)
        return field === ''
          ? []
          : [invalid(`${name}: expected FIELD=VALUE, got "${field}"`, [`did you mean name=${field}?`])];
      const values = isList(field) ? text.split('+') : [text];
      if (values.some((value) => value.trim() === ''))
        return [invalid(`${name} ${field}: expected a value, got an empty one in ${quoted}`)];
      const isUnclear = isYesOrNo(field) && yesOrNo(text) === undefined;
      return isUnclear ? [expected(`${name} ${field}`, yesOrNoWords, text)] : [];
    }),
    ...twice.map((field) => invalid(`${name} ${field}: expected once, got several in ${quoted}`)),
  ];
  return {
    member: Object.fromEntries(fields.map(([field, text = '']) => [field, memberValue(field, text)])),
    problems,
  };
}

/** As a file has it: flags are spelled with hyphens. */
function spelled(field: string): string {
  return field === 'external-id' ? 'externalId' : field;
}

/** Of several values, which are joined with `+`, for a comma ends the field. */
function isList(field: string): boolean {
  return ['sources', 'zones', 'subnets'].includes(field);
}

function memberValue(field: string, text: string): unknown {
  if (isList(field)) return text.split('+').map((part) => part.trim());
  if (field === 'volumeSize') return readCount([text], field);
  return isYesOrNo(field) ? yesOrNo(text) : text;
}

function isYesOrNo(field: string): boolean {
  return ['existing', 'spot'].includes(field);
}

/** @throws Problem `invalid-value` */
export function noneEmpty(parts: readonly string[], whole: string, name: string): readonly string[] {
  if (parts.every((part) => part.trim() !== '')) return parts;
  throw invalid(`${name}: expected values, got an empty one in ${JSON.stringify(whole)}`, ['remove the empty one']);
}

function expected(name: string, what: string, word: string): Problem {
  return invalid(`${name}: expected ${what}, got ${JSON.stringify(word)}`);
}

export function invalid(what: string, next: readonly string[] = []): Problem {
  return new Problem('invalid-value', { what, next });
}
