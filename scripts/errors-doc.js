/** Writes docs/errors.md from the table of error codes. Build first: the table is read from dist. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './run.js';

/** What each exit code means for a script; the names are those of src/errors/exit-codes.ts. */
const conclusions = {
  ok: 'success',
  internal: 'a bug in karmada-eks; please report it with the logs',
  usage: 'usage error: a flag, a value or the configuration is invalid; nothing was changed',
  refused: 'a precondition is not met; see the code (`doctor`: at least one finding is an error)',
  failed: 'a step failed; run the same command again to continue',
  leftovers: '`down` finished, but leftovers that may incur cost remain',
  declined: 'you declined; nothing was changed',
  locked: 'another run is working on this fleet',
  notReady: 'the fleet exists but is not Ready',
  changes: '`plan --detailed-exitcode`: `up` would change something (0: it would not)',
  interrupted: 'the run was interrupted; run the same command again to continue',
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
    'Both are a contract: a code never changes its meaning. New codes may be added.',
    '',
    '## Exit codes',
    '',
    '| exit | meaning |',
    '| ---: | --- |',
    ...exits,
    '',
    'Each error code below has an exit code of its own, with one exception: if a step of a run fails, the exit code is 4',
    '(or 130 if it was interrupted), whatever the code of the step, because something may have been changed by then.',
    '',
    '## Error codes',
    '',
    'Every error shows its code on its last line, and as `problem.code` with `--json`. Follow the link for what to do.',
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
