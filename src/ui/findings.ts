/** Findings by group: how many there are of each severity, and those worth a line, with why and fix where they are not OK. */

import type { ChalkInstance } from 'chalk';
import { counted } from '../errors/counted.js';
import { hangingIndent, sanitize } from './text.js';
import type { Finding } from './ui.js';

export interface FindingsStyle {
  readonly colour: ChalkInstance;
  readonly columns: number;
}

/** Without a line end. */
export function renderFindings(findings: readonly Finding[], { colour, columns }: FindingsStyle): string {
  const marks: Readonly<Record<Finding['severity'], string>> = {
    ok: colour.green('✔'),
    warning: colour.yellow('!'),
    error: colour.red('✖'),
    unknown: colour.cyan('?'),
  };
  const shown = (finding: Finding): readonly string[] => [
    ...hangingIndent(`  ${marks[finding.severity]} `, sanitize(finding.what), columns),
    ...(finding.why === undefined
      ? []
      : hangingIndent('    why: ', sanitize(finding.why), columns).map((line) => colour.dim(line))),
    ...finding.next.flatMap((step, index) =>
      hangingIndent(index === 0 ? '    fix: ' : '         ', sanitize(step), columns),
    ),
  ];
  const groups = [...new Set(findings.map(({ group }) => group))];
  const width = Math.max(...groups.map(({ length }) => length));
  return groups
    .flatMap((group) => {
      const inGroup = findings.filter((each) => each.group === group);
      const { worst, counts } = tally(inGroup);
      const head = `${colour.bold(group.padEnd(width))}  ${marks[worst]} ${counts}`;
      return [head, ...inGroup.filter(({ isDetail }) => !isDetail).flatMap(shown)];
    })
    .join('\n');
}

/** From the worst to the best. */
const severities = ['error', 'warning', 'unknown', 'ok'] as const satisfies readonly Finding['severity'][];

/** The worst severity, and how many there are of each: of checks that are all OK their number is enough. */
function tally(findings: readonly Finding[]): { readonly worst: Finding['severity']; readonly counts: string } {
  const found = severities
    .map((severity) => ({ severity, count: findings.filter((each) => each.severity === severity).length }))
    .filter(({ count }) => count > 0);
  const worst = found[0]?.severity ?? 'ok';
  if (worst === 'ok') return { worst, counts: counted(findings.length, 'check') };
  const words = found.map(({ severity, count }) =>
    severity === 'error' || severity === 'warning' ? counted(count, severity) : `${count} ${severity}`,
  );
  return { worst, counts: words.join(', ') };
}
