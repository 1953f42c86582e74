/** Answers questions in the order of a script, as somebody would who reads them; fails on any other question. */
import { expect } from 'vitest';
import { Problem } from '../../../src/errors/problem.js';
import type { Ask, Choice, InputQuestion } from '../../../src/ui/ui.js';

/** A part of the question, and what is typed, or a part of the choice that is taken. */
export type Line = readonly [question: string, answer: string];

/** The answer of somebody who leaves. */
export const ctrlC = '^C';

export interface ScriptedAsk extends Ask {
  /** The choices that were shown, by question. */
  readonly shown: Map<string, readonly Choice<unknown>[]>;
  /** What was wrong with what was typed. */
  readonly refused: string[];
  /** Lines that were not asked for. */
  readonly left: Line[];
}

export function scriptedAsk(...lines: readonly Line[]): ScriptedAsk {
  const left = [...lines];
  const shown: ScriptedAsk['shown'] = new Map();
  const refused: string[] = [];
  const next = (message: string): string => {
    const [question, answer]: Line = left.shift() ?? expect.unreachable(`unexpected question: ${message}`);
    expect(message).toContain(question);
    if (answer === ctrlC) throw new Problem('interrupted', { what: `cancelled at the prompt: ${message}` });
    return answer;
  };
  const typed = (question: InputQuestion): string => {
    const answer = next(question.message) || (question.default ?? '');
    const verdict = question.validate?.(answer) ?? true;
    if (verdict === true) return answer;
    refused.push(verdict);
    return typed(question);
  };
  return {
    possible: true,
    left,
    shown,
    refused,
    input: async (question) => typed(question),
    confirm: async ({ message }) => next(message) === 'y',
    typedName: async ({ message, name }) => next(message) === name,
    select: async ({ message, choices }) => {
      shown.set(message, choices);
      const answer = next(message);
      const found = choices.find(({ name, disabled }) => disabled === undefined && name.includes(answer));
      return (found ?? expect.unreachable(`no choice ${answer} in: ${choices.map(({ name }) => name)}`)).value;
    },
  };
}
