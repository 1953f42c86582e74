/** Runs doctor in the rehearsal and answers what it told. */
import type { Finding } from '../../src/doctor/diagnosis.js';
import type { Severity } from '../../src/errors/problem.js';
import type { Account } from '../../src/rehearsal/account.js';
import { cli, type RunOptions } from '../lifecycle/cli.js';
import { region } from '../lifecycle/fleet.js';

/** A finding in JSON. */
type Printed = Omit<Finding, 'next'> & { readonly fix: readonly string[] };

export interface Diagnosed {
  readonly code: number | 'killed';
  readonly stderr: string;
  readonly findings: readonly Printed[];
  readonly counts: Readonly<Record<Severity, number>>;
  /** `<severity> <id>` of all that is not well, without doubles. */
  readonly wrong: readonly string[];
  /** AWS calls, as `ec2:DescribeVpcs`. */
  readonly awsCalls: readonly string[];
}

interface Report {
  readonly counts: Diagnosed['counts'];
  readonly findings: readonly Printed[];
}

/** In the VPC `main`, unless the words say otherwise. */
export async function diagnosed(
  account: Account,
  words: readonly string[] = [],
  options: RunOptions = {},
): Promise<Diagnosed> {
  const vpc = words.includes('--vpc') ? [] : ['--vpc', 'main'];
  const line = ['doctor', '--region', region, ...vpc, '-o', 'json', ...words];
  const ended = await cli(account, line, { alone: true, ...options });
  const { findings, counts } = JSON.parse(ended.stdout) as Report;
  const wrong = findings.filter(({ severity }) => severity !== 'ok').map(({ severity, id }) => `${severity} ${id}`);
  const awsCalls = ended.calls.flatMap(({ key }) => (key.startsWith('aws ') ? [key.split(' ')[1] ?? ''] : []));
  return { code: ended.code, stderr: ended.stderr, findings, counts, wrong: [...new Set(wrong)], awsCalls };
}

/** The one finding of this name that is not well; what it says, why, and what to do. */
export function told({ findings }: Diagnosed, id: string): string {
  const found = findings.filter((each) => each.id === id && each.severity !== 'ok');
  return found.map(({ what, why = '', fix }) => [what, why, ...fix].join(' | ')).join('\n');
}
