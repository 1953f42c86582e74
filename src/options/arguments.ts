/** The text of flags and variables before anything acts on it: ambiguous values are refused, never guessed. */
import { Problem } from '../errors/problem.js';
import { commaParts, memberFields } from './comma-lists.js';
import type { FleetOption } from './fleet-options.js';
import type { Parsed, RunOption } from './run-options.js';
import { unknownVariables, variablesAlone } from './unknown-variables.js';
import { yesOrNo, yesOrNoWords } from './yes-or-no.js';

/** What commander collected: every value of an option, in a list. */
export type Typed = Readonly<Record<string, readonly string[] | boolean | undefined>>;

/** An option as far as its words are concerned. */
interface Worded {
  readonly flag: string;
  readonly key: string;
  readonly env: string;
  readonly readsEnv: boolean;
  /** A flag without a value is yes or no in its variable. */
  readonly takesValue: boolean;
  /** What separates several values in a flag and in the variable; undefined where there is none. */
  readonly between: { readonly flag: string | undefined; readonly env: string | undefined };
  readonly isMember: boolean;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * One value for each option that takes one. The Problem `invalid-value` lists every word that cannot be taken for what
 * its writer meant: variables that nothing reads, empty values, words that are neither yes nor no, and two answers to one question.
 */
export function readWords(
  typed: Typed,
  options: { readonly fleet: readonly FleetOption[]; readonly run: readonly RunOption[] },
  env: Env,
): { readonly parsed: Parsed; readonly wrong: Problem | undefined } {
  const worded = [...options.fleet.map(ofFleet), ...options.run.map(ofRun)];
  const parsed = Object.fromEntries(
    Object.entries(typed).map(([key, said]) => {
      const isOne = worded.some((each) => each.key === key && each.between.env === undefined);
      return [key, isOne && typeof said === 'object' ? said.at(-1) : said];
    }),
  );
  const problems = [
    ...worded.flatMap((each) => wrongInFlag(each, typed[each.key])),
    ...worded.flatMap((each) => wrongInVariable(each, env[each.env])),
    ...variablesAlone.flatMap((variable) => (isEmpty(env[variable]) ? [emptyVariable(variable)] : [])),
    ...unknownVariables(env),
    ...twoAnswers(options.fleet, typed, env),
    ...textsOf(typed['names']).filter(isEmpty).map(emptyName),
  ];
  return { parsed, wrong: inOne(problems) };
}

function ofFleet({ flags, key, env, kind }: FleetOption): Worded {
  const isMember = kind === 'members';
  const between = isMember
    ? { flag: undefined, env: ';' }
    : { flag: kind === 'list' ? ',' : undefined, env: kind === 'list' ? ',' : undefined };
  return { flag: longOf(flags), key, env, readsEnv: true, takesValue: kind !== 'yes', between, isMember };
}

function ofRun({ flags, key, env, readsEnv, takesValue, repeated }: RunOption): Worded {
  const between = { flag: undefined, env: repeated ? ',' : undefined };
  return { flag: longOf(flags), key, env, readsEnv, takesValue, between, isMember: false };
}

function longOf(flags: string): string {
  return /--[a-z-]+/.exec(flags)?.[0] ?? flags;
}

function wrongInFlag(option: Worded, said: Typed[string]): readonly Problem[] {
  const { flag, between } = option;
  const different = [...new Set(textsOf(said))];
  if (between.env === undefined && different.length > 1) {
    const values = different.map((value) => JSON.stringify(value)).join(' and ');
    return [invalid(`${flag}: expected one value, got ${values}`, [`set ${flag} once`])];
  }
  return different.flatMap((text) => {
    if (isEmpty(text)) return [emptyValue(flag, `set a value for ${flag}, or omit it`)];
    return wrongInText(text, option, { name: flag, separator: between.flag });
  });
}

function wrongInVariable(option: Worded, text: string | undefined): readonly Problem[] {
  const { flag, env, readsEnv, takesValue, between } = option;
  if (text === undefined) return [];
  if (!readsEnv) return [unread(env, flag)];
  if (isEmpty(text)) return [emptyVariable(env)];
  return takesValue ? wrongInText(text, option, { name: env, separator: between.env }) : notYesOrNo(env, text);
}

function wrongInText(
  text: string,
  { isMember }: Worded,
  { name, separator }: { readonly name: string; readonly separator: string | undefined },
): readonly Problem[] {
  const items = separator === undefined ? [text] : separator === ',' ? commaParts(text) : text.split(separator);
  if (items.some(isEmpty)) {
    const what = `${name}: expected values, got an empty one in ${JSON.stringify(text)}`;
    return [invalid(what, ['remove the empty one'])];
  }
  return isMember ? items.flatMap((item) => wrongInMember(item, name)) : [];
}

/** Unknown fields, and those without `=`, are left to the schema. */
function wrongInMember(text: string, name: string): readonly Problem[] {
  const fields = memberFields(text);
  const quoted = JSON.stringify(text);
  const names = fields.filter(([, value]) => value !== undefined).map(([field]) => field);
  const isEmptyPart = fields.some(([field, value]) => field === '' && value === undefined);
  return [
    ...(isEmptyPart ? [invalid(`${name}: expected FIELD=VALUE, got an empty field in ${quoted}`)] : []),
    ...fields.flatMap(([field, value]) => {
      if (value === undefined) return [];
      const values = field === 'sources' ? value.split('+') : [value];
      if (values.some(isEmpty)) return [invalid(`${name} ${field}: expected a value, got an empty one in ${quoted}`)];
      return field === 'existing' ? notYesOrNo(`${name} ${field}`, value) : [];
    }),
    ...[...new Set(names.filter((field, index) => names.indexOf(field) !== index))].map((field) =>
      invalid(`${name} ${field}: expected once, got several in ${quoted}`),
    ),
  ];
}

/**
 * Two options that set the same field of the fleet: a flag takes precedence over a variable, but neither of two flags
 * over the other.
 */
function twoAnswers(fleet: readonly FleetOption[], typed: Typed, env: Env): readonly Problem[] {
  const sources = [
    (option: FleetOption) => (typed[option.key] === undefined ? [] : [longOf(option.flags)]),
    (option: FleetOption) => (env[option.env] === undefined ? [] : [option.env]),
  ];
  return sources.flatMap((of) => {
    const both = fleet.filter(({ fills }) => fills === 'members').flatMap(of);
    if (both.length < 2) return [];
    return [invalid(`${both.join(' and ')}: expected one of them, got both`, [`omit ${both.join(' or ')}`])];
  });
}

function notYesOrNo(name: string, text: string): readonly Problem[] {
  if (yesOrNo(text) !== undefined) return [];
  return [invalid(`${name}: expected ${yesOrNoWords}, got ${JSON.stringify(text)}`)];
}

/** Ignored, it would leave somebody in the belief that they had agreed. */
function unread(variable: string, flag: string): Problem {
  return invalid(`${variable} is set, but ${flag} agrees to a loss and can only be set on the command line`, [
    `unset ${variable}, and add ${flag} to the command when you mean it`,
  ]);
}

function emptyVariable(variable: string): Problem {
  return emptyValue(variable, `set a value for ${variable}, or unset it`);
}

function emptyValue(name: string, next: string): Problem {
  return invalid(`${name}: expected a value, got an empty one`, [next]);
}

function emptyName(): Problem {
  return invalid('expected a name, got an empty one');
}

function textsOf(said: Typed[string]): readonly string[] {
  return typeof said === 'object' ? said : [];
}

function isEmpty(text: string | undefined): boolean {
  return text !== undefined && text.trim() === '';
}

function invalid(what: string, next: readonly string[] = []): Problem {
  return new Problem('invalid-value', { what, next });
}

function inOne(problems: readonly Problem[]): Problem | undefined {
  if (problems.length < 2) return problems[0];
  return new Problem('invalid-value', { what: `${problems.length} values are invalid`, parts: problems });
}
