/** Asks questions on the terminal, or says by which flag or variable to answer them where nobody can be asked. */
import type { Readable, Writable } from 'node:stream';
import { Problem } from '../errors/problem.js';
import type { Ask, Question } from './ui.js';

/** Where to ask. */
interface Place {
  readonly possible: boolean;
  readonly stdin: Readable;
  readonly stderr: Writable;
}

/** The questions of a place; the library behind them is loaded at the first one. */
export function makeAsk({ possible, stdin, stderr }: Place): Ask {
  const context = { input: stdin, output: stderr };
  const asked = async <V>(question: Question, pose: (prompts: Prompts) => Promise<V>): Promise<V> => {
    if (!possible) throw missing(question);
    try {
      return await pose(await import('@inquirer/prompts'));
    } catch (thrown) {
      if (thrown instanceof Error && thrown.name === 'ExitPromptError') throw left(question);
      throw thrown;
    }
  };
  return {
    possible,
    input: (question) =>
      asked(question, ({ input }) => {
        const { message, default: preset, validate } = question;
        const options = { ...(preset === undefined ? {} : { default: preset }), ...(validate ? { validate } : {}) };
        return input({ message, ...options }, context);
      }),
    select: (question) =>
      asked(question, ({ select }) => {
        const { message, choices, default: preset } = question;
        return select({ message, choices, ...(preset === undefined ? {} : { default: preset }) }, context);
      }),
    confirm: (question) =>
      asked(question, ({ confirm }) =>
        confirm({ message: question.message, default: question.default ?? false }, context),
      ),
    typedName: (question) =>
      asked(question, async ({ input }) => {
        const typed = await input({ message: `${question.message} (type ${question.name})` }, context);
        return typed.trim() === question.name;
      }),
  };
}

type Prompts = typeof import('@inquirer/prompts');

function missing({ message, flag, env }: Question): Problem {
  return new Problem('missing-value', {
    what: `a value is missing, and there is no terminal to ask for it: ${message}`,
    next: [`give it with ${flag}, or set ${env}`],
  });
}

function left({ message }: Question): Problem {
  return new Problem('interrupted', { what: `stopped at a question: ${message}` });
}
