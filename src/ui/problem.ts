/** Shows a Problem: what happened, why, what to do next; its code; the problems that it summarizes. */
import type { ChalkInstance } from 'chalk';
import type { Problem } from '../errors/problem.js';
import { hangingIndent, sanitize, wrap } from './text.js';

export interface ProblemStyle {
  readonly colour: ChalkInstance;
  readonly columns: number;
  /** Adds the stack, and those of the causes. */
  readonly debug: boolean;
}

/** Without a line end. What the user chose is told as no failure. */
export function renderProblem(problem: Problem, style: ProblemStyle): string {
  const { colour, columns } = style;
  const isFailure = !isChoice(problem);
  const lines = [
    ...(isFailure
      ? hangingIndent('✖ ', sanitize(problem.message), columns).map((line) => colour.red(line))
      : wrap(sanitize(problem.message), columns)),
    ...why(problem, '  ', style),
    ...problem.parts.flatMap((part, index) => renderPart(part, index + 1, style)),
    ...next(problem, '  ', style),
    ...(isFailure ? [colour.dim(`  code: ${problem.code}`)] : []),
  ];
  if (style.debug) lines.push(...stacks(problem).map((line) => colour.dim(line)));
  return lines.join('\n');
}

/** A run that was stopped on its way tells what to do next. */
function isChoice({ code, next }: Problem): boolean {
  return code === 'declined' || (code === 'interrupted' && next.length === 0);
}

function renderPart(part: Problem, number: number, style: ProblemStyle): readonly string[] {
  const label = `  ${number}. `;
  const margin = ' '.repeat(label.length);
  return [
    ...hangingIndent(label, sanitize(`${part.message} (${part.code})`), style.columns),
    ...why(part, margin, style),
    ...part.parts.flatMap((inner) =>
      hangingIndent(`${margin}- `, sanitize(`${inner.message} (${inner.code})`), style.columns),
    ),
    ...next(part, margin, style),
  ];
}

function why({ why: reason }: Problem, margin: string, { columns }: ProblemStyle): readonly string[] {
  return reason === undefined ? [] : hangingIndent(`${margin}why:  `, sanitize(reason), columns);
}

function next({ next: steps }: Problem, margin: string, { columns }: ProblemStyle): readonly string[] {
  return steps.flatMap((step, index) => {
    const label = index === 0 ? 'next: ' : '      ';
    const number = steps.length > 1 ? `${index + 1}. ` : '';
    return hangingIndent(`${margin}${label}${number}`, sanitize(step), columns);
  });
}

function stacks(thrown: unknown): readonly string[] {
  if (!(thrown instanceof Error)) return [];
  const stack = sanitize(thrown.stack ?? '')
    .split('\n')
    .map((line) => `  ${line}`);
  return thrown.cause === undefined ? stack : [...stack, '  caused by:', ...stacks(thrown.cause)];
}
