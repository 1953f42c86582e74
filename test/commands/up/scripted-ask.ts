/** Answers questions in the order of a script, as somebody would who reads them; fails on any other question. */
import { expect } from 'vitest';
import { Problem } from '../../../src/errors/problem.js';
import { WentBack } from '../../../src/errors/went-back.js';
import type { Ask, Choice, InputQuestion, Question } from '../../../src/ui/ui.js';

/** A part of the question, and what is typed, or a part of the choice that is taken. */
export type Line = readonly [question: string, answer: string];

/** The answer of somebody who leaves. */
export const ctrlC = '^C';

/** The answer of somebody who goes back to the question before. */
export const esc = '^[';

export interface ScriptedAsk extends Ask {
  /** The choices that were shown, by question. */
  readonly shown: Map<string, readonly Choice<unknown>[]>;
  /** What was preset, in the order of the questions. */
  readonly presets: (readonly [question: string, preset: unknown])[];
  /** What was wrong with what was typed. */
  readonly refused: string[];
  /** Lines that were not asked for. */
  readonly left: Line[];
}

export function scriptedAsk(...lines: readonly Line[]): ScriptedAsk {
  const left = [...lines];
  const shown: ScriptedAsk['shown'] = new Map();
  const refused: string[] = [];
  const presets: ScriptedAsk['presets'] = [];
  let last = '';
  const next = (asked: Question & { readonly default?: unknown }): string => {
    const { message, canGoBack = false } = asked;
    if (message.startsWith('Advanced settings') && left[0]?.[0] !== 'Advanced settings') return passed(asked);
    presets.push([message, asked.default]);
    const [question, answer]: Line = left.shift() ?? expect.unreachable(`unexpected question: ${message}`);
    expect(message).toContain(question);
    last = answer;
    if (answer === esc && canGoBack) throw new WentBack();
    if (answer === ctrlC) throw new Problem('interrupted', { what: `cancelled at the prompt: ${message}` });
    return answer;
  };
  /** Where the script says nothing of them, advanced settings are passed by, there and back. */
  const passed = ({ canGoBack = false }: Question): string => {
    if (last === esc && canGoBack) throw new WentBack();
    return 'n';
  };
  const typed = (question: InputQuestion): string => {
    const answer = next(question) || (question.default ?? '');
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
    presets,
    input: async (question) => typed(question),
    confirm: async (question) => next(question) === 'y',
    typedName: async (question) => next(question) === question.name,
    select: async (question) => {
      const { message, choices } = question;
      shown.set(message, choices);
      const answer = next(question);
      if (answer === '') return question.default ?? expect.unreachable(`nothing is preset: ${message}`);
      const found = choices.find(({ name, disabled }) => disabled === undefined && name.includes(answer));
      return (found ?? expect.unreachable(`no choice ${answer} in: ${choices.map(({ name }) => name)}`)).value;
    },
  };
}
