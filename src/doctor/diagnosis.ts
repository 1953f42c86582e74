/** The output of doctor: one finding per check, with severity, the fact behind it, and what to do. */
import { unchecked } from '../errors/diagnostic.js';
import { type Diagnostic, Problem } from '../errors/problem.js';

/** The groups in the order in which they are shown. */
const groups = ['tools', 'credentials', 'network', 'kubernetes', 'clusters', 'access', 'quotas', 'downloads'] as const;

export type Group = (typeof groups)[number];

export interface Topic {
  readonly group: Group;
  /** A stable name, e.g. `vpc-dns`; several diagnoses may have one. */
  readonly id: string;
  /** Which of several, e.g. a VPC or a region. */
  readonly about?: string;
}

export type Finding = Topic & Diagnostic;

/** What people ask for though all is well: which tools, account, VPC and versions, and who is admitted. */
const askedFor: readonly string[] = [
  'tools',
  'account',
  'vpc',
  'kubernetes-version',
  'karmada-installed',
  'etcd',
  'failover',
  'backups',
  'source-ranges',
];

/** Whether a finding need not be read: it is OK, and nobody asks for it. */
export function isDetail({ severity, id }: Finding): boolean {
  return severity === 'ok' && !askedFor.includes(id);
}

export function inGroups(all: readonly Finding[]): readonly Finding[] {
  return groups.flatMap((group) => all.filter((each) => each.group === group));
}

/** That a role may not be assumed is found by every check that asks its account: the one with the most advice is kept. */
export function refusalsOnce(all: readonly Finding[]): readonly Finding[] {
  const refusals = all
    .filter(({ code }) => code === 'role-refused')
    .sort((one, other) => other.next.length - one.next.length);
  return all.filter((each) => {
    const kept = refusals.find(({ what }) => each.what.endsWith(what));
    return kept === undefined || kept === each;
  });
}

/** What `up` needs to know as well: where it cannot be read, `up` fails in the same way. */
export async function needed(topic: Topic, check: () => Promise<readonly Diagnostic[]>): Promise<readonly Finding[]> {
  return await findings(topic, check, (problem) => problem);
}

/** Doctor's checks beyond `up`: a missing permission or service is no reason to stop. */
export async function optional(topic: Topic, check: () => Promise<readonly Diagnostic[]>): Promise<readonly Finding[]> {
  return await findings(topic, check, ({ what, why, next }) => unchecked({ what, why, next }));
}

async function findings(
  topic: Topic,
  check: () => Promise<readonly Diagnostic[]>,
  onRefusal: (problem: Problem) => Diagnostic,
): Promise<readonly Finding[]> {
  try {
    return (await check()).flatMap((each) => about(topic, each));
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code === 'interrupted' || thrown.code === 'rehearsal-unmodelled')
      throw thrown;
    return about(topic, onRefusal(thrown));
  }
}

/** A problem that summarizes others is reported part by part; a diagnostic keeps its topic. */
export function about(topic: Topic, diagnostic: Diagnostic): readonly Finding[] {
  if (!(diagnostic instanceof Problem)) return [{ ...topic, ...diagnostic }];
  if (diagnostic.parts.length > 0) return diagnostic.parts.flatMap((part) => about(topic, part));
  const { severity, what, why, next, code } = diagnostic;
  return [{ ...topic, severity, what, why, next, code }];
}
