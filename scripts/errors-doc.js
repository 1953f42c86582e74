/** Writes docs/errors.md from the table of error codes. Build first: the table is read from dist. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './run.js';

/** What a script may conclude from each exit code; the names are those of src/errors/exit-codes.ts. */
const conclusions = {
  ok: 'all is as wanted',
  internal: 'a bug in karmada-eks; please report it with the logs',
  usage: 'a flag, a value or the configuration is wrong; nothing was changed',
  refused: 'something is missing or in the way; see the code (`doctor`: at least one finding is an error)',
  failed: 'a step failed; run the same command again and it goes on',
  leftovers: '`down` ended, but something that may cost money is still there',
  declined: 'the question was answered with no; nothing was changed',
  locked: 'another run works on this fleet',
  notReady: 'the fleet is there, but it is not Ready',
  interrupted: 'the run was stopped; run the same command again and it goes on',
};

/**
 * The page as Markdown.
 * @param {Readonly<Record<string, { exit: number, meaning: string }>>} table the codes, in the order in which they are shown
 * @param {Readonly<Record<string, number>>} exitCodes
 * @returns {string}
 */
export function errorsPage(table, exitCodes) {
  const exits = Object.entries(exitCodes).map(([name, code]) => `| ${code} | ${conclusions[name]} |`);
  const codes = Object.entries(table).map(
    ([code, { exit, meaning }]) => `| [\`${code}\`](troubleshooting.md#${code}) | ${exit} | ${meaning} |`,
  );
  return `${[
    '# Errors and exit codes',
    '',
    '<!-- Written by scripts/errors-doc.js from src/errors/table.ts. Do not edit. -->',
    '',
    'Both are a contract: a code keeps its meaning. New codes may come.',
    '',
    '## Exit codes',
    '',
    '| exit | what it says |',
    '| ---: | --- |',
    ...exits,
    '',
    'A code in the table below has its own exit code. There is one exception: when a step of a run fails, the run ends with 4',
    '(or 130 when it was stopped), whatever the code of the step is, because something may have been changed by then.',
    '',
    '## Error codes',
    '',
    'Every error shows its code on its last line, and as `problem.code` with `--json`. The link leads to what to do.',
    '',
    '| code | exit | meaning |',
    '| --- | ---: | --- |',
    ...codes,
  ].join('\n')}\n`;
}

async function write() {
  const { problemTable } = await import('../dist/errors/table.js');
  const { ExitCode } = await import('../dist/errors/exit-codes.js');
  writeFileSync(join(root, 'docs/errors.md'), errorsPage(problemTable, ExitCode));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await write();
