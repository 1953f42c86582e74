/** The one error of the product: what happened, to what, why, and what to do next. */
import type { ExitCode } from './exit-codes.js';
import { type ProblemCode, problemTable } from './table.js';

/** `error`: nothing goes on; `warning`: it should be known; `unknown`: it could not be checked, which is no failure. */
export type Severity = 'ok' | 'warning' | 'error' | 'unknown';

/** What somebody should know about one thing that was checked. Texts are lower case without a full stop. */
export interface Diagnostic {
  readonly severity: Severity;
  readonly what: string;
  /** The fact behind it, where `what` does not say it. */
  readonly why?: string | undefined;
  /** What the user can do, in order; empty when all is well. */
  readonly next: readonly string[];
  /** The code with which it is refused, where it is. */
  readonly code?: ProblemCode;
}

/** The content of a Problem. Texts are lower case without a full stop. */
export interface ProblemDetails {
  /** What happened and to what, with the value in question. */
  readonly what: string;
  /** Why, as reported by the source: a tool's message, a stack event's reason. */
  readonly why?: string;
  /** What the user can do, in order. */
  readonly next?: readonly string[];
  /** The problems that this one summarizes. */
  readonly parts?: readonly Problem[];
  readonly cause?: unknown;
}

/** An expected failure, with a stable code: the Diagnostic that is thrown. Anything else that is thrown is a bug. */
export class Problem extends Error implements Diagnostic {
  readonly severity = 'error';
  readonly code: ProblemCode;
  readonly why: string | undefined;
  readonly next: readonly string[];
  readonly parts: readonly Problem[];

  constructor(code: ProblemCode, details: ProblemDetails) {
    super(details.what, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'Problem';
    this.code = code;
    this.why = details.why;
    this.next = details.next ?? [];
    this.parts = details.parts ?? [];
  }

  get what(): string {
    return this.message;
  }

  /** The process's exit code for this problem. */
  get exitCode(): ExitCode {
    return problemTable[this.code].exit;
  }
}

/** The thrown value as a Problem; anything else is a bug and is reported as one. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return new Problem('internal', {
    what: `unexpected error: ${text}`,
    next: ['this is a bug in karmada-eks; please report it with the log of this run'],
    cause: thrown,
  });
}
