/** What checks answer: short ways to write diagnostics, and to take out what stands in the way. */
import { type Diagnostic, Problem } from './problem.js';

/** All is well. */
export function ok(what: string): Diagnostic {
  return { severity: 'ok', what, next: [] };
}

/** The diagnostics, or where there are none, the fact that all is well. */
export function okUnless(diagnostics: readonly Diagnostic[], fact: string): readonly Diagnostic[] {
  return diagnostics.length > 0 ? diagnostics : [ok(fact)];
}

/** Something that does not stand in the way. */
export function warning(details: Pick<Diagnostic, 'what' | 'why' | 'next'>): Diagnostic {
  return { severity: 'warning', ...details };
}

/** Something that could not be checked. */
export function unchecked(details: Pick<Diagnostic, 'what' | 'why' | 'next'>): Diagnostic {
  return { severity: 'unknown', ...details, what: `could not check: ${details.what}` };
}

/** What stands in the way. */
export function problemsIn(diagnostics: readonly Diagnostic[]): readonly Problem[] {
  return diagnostics.filter((each) => each instanceof Problem);
}

/** What does not stand in the way but should be known. */
export function warningsIn(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 'warning');
}
