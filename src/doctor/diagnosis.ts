/** What doctor tells: one line a question, with how bad it is, the fact behind it and what to do. */
import { Problem } from '../errors/problem.js';
import type { ProblemCode } from '../errors/table.js';
import type { Judgement } from '../model/facts.js';

/** The groups in the order in which they are shown. */
const groups = ['tools', 'credentials', 'network', 'kubernetes', 'clusters', 'access', 'quotas', 'downloads'] as const;

export type Group = (typeof groups)[number];

/** `error`: `up` refuses or fails; `warning`: it goes on; `unknown`: it could not be checked, which is no failure. */
export type Severity = 'ok' | 'warning' | 'error' | 'unknown';

/** What a question is about. */
export interface Topic {
  readonly group: Group;
  /** A stable name, e.g. `vpc-dns`; several diagnoses may have one. */
  readonly id: string;
  /** Which of several, e.g. a VPC or a region. */
  readonly about?: string;
}

/** One answer. */
export interface Diagnosis extends Topic {
  readonly severity: Severity;
  readonly what: string;
  /** The fact behind it, where `what` does not say it. */
  readonly why?: string;
  /** What the user can do, in order; empty when all is well. */
  readonly fix: readonly string[];
  /** The error code with which `up` would refuse. */
  readonly code?: ProblemCode;
}

/** In the order of the groups. */
export function inGroups(all: readonly Diagnosis[]): readonly Diagnosis[] {
  return groups.flatMap((group) => all.filter((each) => each.group === group));
}

/** A judgement as doctor tells it: what is wrong, or the fact when nothing is. */
export function diagnosisOf(topic: Topic, { problems, warnings }: Judgement, fact: string): readonly Diagnosis[] {
  if (problems.length + warnings.length === 0) return [okDiagnosis(topic, fact)];
  return [
    ...problems.flatMap((problem) => fromProblem(topic, problem)),
    ...warnings.map(({ what, why, next }) =>
      problemDiagnosis(topic, 'warning', { what, next, ...(why === undefined ? {} : { why }) }),
    ),
  ];
}

/** All is well. */
export function okDiagnosis(topic: Topic, fact: string): Diagnosis {
  return { ...topic, severity: 'ok', what: fact, fix: [] };
}

/** Something is not well, or not known. */
export function problemDiagnosis(
  topic: Topic,
  severity: Exclude<Severity, 'ok'>,
  { what, why, next }: { readonly what: string; readonly why?: string; readonly next: readonly string[] },
): Diagnosis {
  return { ...topic, severity, what, fix: next, ...(why === undefined ? {} : { why }) };
}

function fromProblem(topic: Topic, problem: Problem): readonly Diagnosis[] {
  if (problem.parts.length > 0) return problem.parts.flatMap((part) => fromProblem(topic, part));
  return [{ ...problemDiagnosis(topic, 'error', detailsOf(problem)), code: problem.code }];
}

/** What `up` needs to know as well: where it cannot be read, `up` fails in the same way. */
export async function needed(topic: Topic, work: () => Promise<readonly Diagnosis[]>): Promise<readonly Diagnosis[]> {
  return await settled(work, (problem) => fromProblem(topic, problem));
}

/** What doctor asks beyond `up`: a missing permission or service is no reason not to go on. */
export async function optionalDiagnoses(
  topic: Topic,
  work: () => Promise<readonly Diagnosis[]>,
): Promise<readonly Diagnosis[]> {
  return await settled(work, (problem) => {
    const { what, why, next } = detailsOf(problem);
    return [
      problemDiagnosis(topic, 'unknown', {
        what: `could not check: ${what}`,
        next,
        ...(why === undefined ? {} : { why }),
      }),
    ];
  });
}

async function settled(
  work: () => Promise<readonly Diagnosis[]>,
  refused: (problem: Problem) => readonly Diagnosis[],
): Promise<readonly Diagnosis[]> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code !== 'interrupted' && thrown.code !== 'rehearsal-unmodelled')
      return refused(thrown);
    throw thrown;
  }
}

function detailsOf({ message: what, why, next }: Problem): {
  readonly what: string;
  readonly why?: string;
  readonly next: readonly string[];
} {
  return { what, next, ...(why === undefined ? {} : { why }) };
}
