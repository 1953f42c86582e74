/** What a user may be told: a known Problem, in a few lines that a terminal only shows. */
import { Chalk } from 'chalk';
import { expect } from 'vitest';
import { Problem } from '../../src/errors/problem.js';
import { problemTable } from '../../src/errors/table.js';
import { renderProblem } from '../../src/ui/problem.js';
import { commanding } from './texts.js';

/** Expects a Problem with a known code; what a user sees of it must not move their terminal, nor fill it. */
export function expectProblem(thrown: unknown): void {
  expect(thrown).toBeInstanceOf(Problem);
  if (!(thrown instanceof Problem)) return;
  expect(Object.keys(problemTable).filter((code) => code !== 'internal')).toContain(thrown.code);
  const shown = renderProblem(thrown, { colour: new Chalk({ level: 0 }), columns: 80, debug: false });
  expect(shown).not.toMatch(commanding);
  expect(shown.length).toBeLessThan(4_000);
}
