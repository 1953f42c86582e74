/** Asks questions on the terminal, or says by which flag or variable to answer them where nobody can be asked. */
import type { Readable, Writable } from 'node:stream';
import { Problem } from '../errors/problem.js';
import { wrap } from './text.js';
import type { Ask, Choice, Question } from './ui.js';

/** Where to ask. */
interface Place {
  readonly possible: boolean;
  readonly stdin: Readable;
  readonly stderr: Writable;
  /** Ends a question that is being asked, and all after it. */
  readonly stop?: AbortSignal | undefined;
  /** Width of the terminal now. */
  readonly columns: () => number;
}

/** The questions of a place; the library behind them is loaded at the first one. */
export function makeAsk({ possible, stdin, stderr, stop, columns }: Place): Ask {
  const asked = async <V>(question: Question, pose: (prompts: Prompts, context: Context) => Promise<V>): Promise<V> => {
    if (!possible) throw missing(question);
    const prompts = await import('@inquirer/prompts');
    const end = watchEnd(stdin);
    const signal = stop === undefined ? end.signal : AbortSignal.any([stop, end.signal]);
    try {
      return await pose(prompts, { input: stdin, output: stderr, signal });
    } catch (thrown) {
      if (thrown instanceof Error && ['ExitPromptError', 'AbortPromptError'].includes(thrown.name))
        throw left(question);
      throw thrown;
    } finally {
      end.forget();
    }
  };
  return {
    possible,
    input: (question) =>
      asked(question, ({ input }, context) => {
        const { message, default: preset, validate } = question;
        const options = { ...(preset === undefined ? {} : { default: preset }), ...(validate ? { validate } : {}) };
        return input({ message, ...options }, context);
      }),
    select: (question) =>
      asked(question, ({ select }, context) => {
        const message = folded(question.message, columns());
        const choices = question.choices.map((choice) => foldedChoice(choice, question.message, columns()));
        // The library points at the first choice, whether it can be chosen or not.
        const first = choices.find(({ disabled }) => disabled === undefined)?.value;
        const preset = question.default ?? first;
        const options = { message, choices, pageSize: linesOfAList, loop: false, theme: selectTheme };
        return select({ ...options, ...(preset === undefined ? {} : { default: preset }) }, context);
      }),
    confirm: (question) =>
      asked(question, ({ confirm }, context) =>
        confirm({ message: question.message, default: question.default ?? false }, context),
      ),
    typedName: (question) =>
      asked(question, async ({ input }, context) => {
        const typed = await input({ message: `${question.message} (type ${question.name})` }, context);
        return typed.trim() === question.name;
      }),
  };
}

/** A list longer than this scrolls; short enough for a terminal of 24 lines with a description below. */
const linesOfAList = 14;

const selectTheme = { i18n: { disabledError: 'this one cannot be chosen' } } as const;

/** The library breaks lines inside of words; before each line it puts a mark of two columns. */
function folded(text: string, columns: number): string {
  return wrap(text, columns - 2).join('\n  ');
}

/** Once chosen, a choice stands behind the question, or below it where both are too long for a line. */
function foldedChoice<V>(choice: Choice<V>, message: string, columns: number): Choice<V> {
  const { name, short = name, disabled, ...rest } = choice;
  const fits = !folded(`${message} ${short}`, columns).includes('\n');
  const line = { ...rest, name: folded(name, columns), short: fits ? short : `\n  ${folded(short, columns)}` };
  return disabled === undefined ? line : { ...line, disabled: `\n  ${folded(disabled, columns)}` };
}

type Prompts = typeof import('@inquirer/prompts');

interface Context {
  readonly input: Readable;
  readonly output: Writable;
  readonly signal: AbortSignal;
}

/** Ctrl-D, and a terminal that was closed: the library would wait for ever, and Node would end with 0 meanwhile. */
function watchEnd(stdin: Readable): { readonly signal: AbortSignal; readonly forget: () => void } {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  const onKey = (_: unknown, key?: { readonly ctrl?: boolean; readonly name?: string }): void => {
    if (key?.ctrl && key.name === 'd') end();
  };
  stdin.once('end', end).on('keypress', onKey);
  if (stdin.readableEnded) end();
  return { signal: ended.signal, forget: () => void stdin.off('end', end).off('keypress', onKey) };
}

function missing({ message, flag, env }: Question): Problem {
  return new Problem('missing-value', {
    what: `a value is missing, and there is no terminal to ask for it: ${message}`,
    next: [env === undefined ? `give it with ${flag}` : `give it with ${flag}, or set ${env}`],
  });
}

function left({ message }: Question): Problem {
  return new Problem('interrupted', { what: `stopped at a question: ${message}` });
}
