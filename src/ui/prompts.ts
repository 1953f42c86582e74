/** Asks questions on the terminal, or names the flag or variable that answers them when nobody can be asked. */
import type { Readable, Writable } from 'node:stream';
import { Problem } from '../errors/problem.js';
import { WentBack } from '../errors/went-back.js';
import { wrap } from './text.js';
import type { Ask, Choice, Question } from './ui.js';

interface Place {
  readonly possible: boolean;
  readonly stdin: Readable;
  readonly stderr: Writable;
  /** Ends the open question and all later ones. */
  readonly stop?: AbortSignal | undefined;
  /** Width of the terminal now. */
  readonly columns: () => number;
  /** Keeps everything else off the terminal while a question is open. */
  readonly alone?: <V>(question: () => Promise<V>) => Promise<V>;
}

/** The prompts; the underlying library is loaded with the first question. */
export function makeAsk({ possible, stdin, stderr, stop, columns, alone = (ask) => ask() }: Place): Ask {
  const asked = async <V>(
    question: Question,
    pose: (prompts: Prompts, context: Context) => Promise<V>,
    unasked = missing,
  ): Promise<V> => {
    if (!possible) throw unasked(question);
    const prompts = await import('@inquirer/prompts');
    const end = watchEnd(stdin, question.canGoBack === true);
    const signal = AbortSignal.any([...(stop === undefined ? [] : [stop]), end.signal, end.back]);
    const context = { input: stdin, output: stderr, signal, clearPromptOnDone: false };
    // The library reads it when the question is over.
    end.back.addEventListener('abort', () => (context.clearPromptOnDone = true));
    try {
      return await alone(() => pose(prompts, context));
    } catch (thrown) {
      if (end.back.aborted) throw new WentBack();
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
        const { default: preset, validate } = question;
        const message = folded(asking(question), columns());
        const options = { ...(preset === undefined ? {} : { default: preset }), ...(validate ? { validate } : {}) };
        return input({ message, ...options }, context);
      }),
    select: (question) =>
      asked(question, ({ select }, context) => {
        const message = folded(asking(question), columns());
        const choices = question.choices.map((choice) => foldedChoice(choice, asking(question), columns()));
        // The library highlights the first choice even if it is disabled.
        const first = choices.find(({ disabled }) => disabled === undefined)?.value;
        const preset = question.default ?? first;
        const theme = question.canGoBack === true ? selectThemeWithBack : selectTheme;
        const options = { message, choices, pageSize: linesOfAList, loop: false, theme };
        return select({ ...options, ...(preset === undefined ? {} : { default: preset }) }, context);
      }),
    confirm: (question) =>
      asked(
        question,
        ({ confirm }, context) =>
          confirm({ message: folded(asking(question), columns()), default: question.default ?? false }, context),
        unconfirmed,
      ),
    typedName: (question) =>
      asked(
        question,
        async ({ input }, context) => {
          const message = folded(`${question.message} (${question.name})`, columns());
          const typed = await input({ message }, context);
          return typed.trim() === question.name;
        },
        unconfirmed,
      ),
  };
}

/** A longer list scrolls; this fits a terminal of 24 lines with a description below. */
const linesOfAList = 14;

const selectTheme = { i18n: { disabledError: 'this option is not available' } } as const;
const selectThemeWithBack = {
  ...selectTheme,
  style: {
    keysHelpTip: (keys: [string, string][]): string =>
      [...keys, ['esc', 'back']].map((key) => key.join(' ')).join(' • '),
  },
};

function asking({ message }: Question): string {
  return `${message}?`;
}

/** The library breaks lines inside words and puts a two-column mark before each line. */
function folded(text: string, columns: number): string {
  return wrap(text, columns - 2).join('\n  ');
}

/** Once chosen, a choice is shown after the question, or below it if both do not fit on one line. */
function foldedChoice<V>(choice: Choice<V>, message: string, columns: number): Choice<V> {
  const { name, short = name, disabled, ...rest } = choice;
  const fits = !folded(`${message} ${short}`, columns).includes('\n');
  const line = { ...rest, name: folded(name, columns), short: fits ? short : `\n  ${folded(short, columns)}` };
  if (disabled === undefined) return line;
  if (!folded(`${name}: ${disabled}`, columns).includes('\n')) return { ...line, name: `${name}:`, disabled };
  return { ...line, disabled: `\n  ${folded(disabled, columns)}` };
}

type Prompts = typeof import('@inquirer/prompts');

interface Context {
  readonly input: Readable;
  readonly output: Writable;
  readonly signal: AbortSignal;
  clearPromptOnDone: boolean;
}

interface Watch {
  readonly signal: AbortSignal;
  /** Aborted by Esc, where that goes back. */
  readonly back: AbortSignal;
  readonly forget: () => void;
}

/** Ctrl-D, or a closed terminal: the library would wait forever, and Node would exit with 0 in the meantime. */
function watchEnd(stdin: Readable, canGoBack: boolean): Watch {
  const ended = new AbortController();
  const back = new AbortController();
  const end = (): void => ended.abort();
  const onKey = (_: unknown, key?: { readonly ctrl?: boolean; readonly name?: string }): void => {
    if (key?.ctrl && key.name === 'd') end();
    if (canGoBack && key?.name === 'escape') back.abort();
  };
  stdin.once('end', end).on('keypress', onKey);
  if (stdin.readableEnded) end();
  return { signal: ended.signal, back: back.signal, forget: () => void stdin.off('end', end).off('keypress', onKey) };
}

function missing({ message, flag, env }: Question): Problem {
  return new Problem('missing-value', {
    what: `a value is missing and there is no terminal to ask for it: ${message}`,
    next: [env === undefined ? `set ${flag}` : `set ${flag} or ${env}`],
  });
}

function unconfirmed({ flag, env }: Question): Problem {
  return new Problem('missing-value', {
    what: 'cannot ask for confirmation without a terminal',
    next: [env === undefined ? `use ${flag}` : `use ${flag}, or set ${env}`],
  });
}

function left({ message }: Question): Problem {
  return new Problem('interrupted', { what: `cancelled at the prompt: ${message}` });
}
