/** A ui for tests: keeps what is said and shown, answers questions from a script, fails on any other question. */
import { expect } from 'vitest';
import type { Problem } from '../../src/errors/problem.js';
import type { RunEvent } from '../../src/pipeline/events.js';
import { makeAsk } from '../../src/ui/prompts.js';
import type { Ask, Question, Table, Ui } from '../../src/ui/ui.js';

/** What was said, in order within each kind. */
export interface RecordingUi extends Ui {
  readonly events: RunEvent[];
  readonly problems: Problem[];
  readonly tables: Table[];
  readonly printed: string[];
  readonly notes: string[];
  readonly shown: { readonly type: string; readonly fields: Readonly<Record<string, unknown>> }[];
  /** Messages of the questions that were asked. */
  readonly asked: string[];
}

/** Answers by flag, e.g. `{ '--vpc': 'vpc-1' }`; for a typed name, what is typed. None: there is nobody to ask. */
export function recordingUi(answers?: Readonly<Record<string, unknown>>): RecordingUi {
  const asked: string[] = [];
  const record = { events: [], problems: [], tables: [], printed: [], notes: [], shown: [] };
  const ui: Omit<RecordingUi, keyof Ui> = { ...record, asked };
  return {
    ...ui,
    emit: (event) => void ui.events.push(event),
    showProblem: (problem) => void ui.problems.push(problem),
    showTable: (table) => void ui.tables.push(table),
    print: (text) => void ui.printed.push(text),
    note: (text) => void ui.notes.push(text),
    data: (type, fields) => void ui.shown.push({ type, fields }),
    ask: answers === undefined ? nobody() : scripted(answers, asked),
    close: () => {},
  };
}

function nobody(): Ask {
  return makeAsk({ possible: false, stdin: process.stdin, stderr: process.stderr });
}

function scripted(answers: Readonly<Record<string, unknown>>, asked: string[]): Ask {
  const answerTo = ({ flag, message }: Question): unknown => {
    asked.push(message);
    if (!(flag in answers)) expect.unreachable(`unexpected question: ${message} (${flag})`);
    return answers[flag];
  };
  return {
    possible: true,
    input: async (question) => String(answerTo(question)),
    confirm: async (question) => answerTo(question) === true,
    typedName: async (question) => answerTo(question) === question.name,
    select: async (question) => {
      const answer = answerTo(question);
      const choice = question.choices.find(({ value }) => value === answer);
      return choice?.value ?? expect.unreachable(`${String(answer)} is no choice of: ${question.message}`);
    },
  };
}
