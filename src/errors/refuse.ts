/** Refuses with everything that is in the way at once, so that nobody learns of it one by one. */
import { Problem } from './problem.js';
import type { ProblemCode } from './table.js';

/** The only problem, or one of `code` that sums all of them up; undefined when there is none. */
export function combined(
  problems: readonly Problem[],
  code: ProblemCode = 'plan-refused',
  what = `${problems.length} problems must be fixed first; nothing was changed`,
): Problem | undefined {
  return problems.length > 1 ? new Problem(code, { what, parts: problems }) : problems[0];
}

/** Does nothing when there is no problem. @throws Problem: the only one, or one of `code` with all of them as its parts */
export function refuse(...[problems, code, what]: Parameters<typeof combined>): void {
  const problem = combined(problems, code, what);
  if (problem !== undefined) throw problem;
}
