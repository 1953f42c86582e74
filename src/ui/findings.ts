/** Findings as a list: grouped, each with its severity, and with why and fix where they are not OK. */
import type { ChalkInstance } from 'chalk';
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
  return groups
    .map((group) => [colour.bold(group), ...findings.filter((each) => each.group === group).flatMap(shown)].join('\n'))
    .join('\n\n');
}
