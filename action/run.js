/** What the GitHub Action does: plans or creates the fleet, and reports to the pull request. Every effect is a port. */

import { writeComment } from './comment.js';
import { commentText, markOf, summaryText } from './report.js';

/** `plan --detailed-exitcode`: there is something to do. */
const changes = 9;

/**
 * @typedef {object} Ports
 * @property {Readonly<Record<string, string | undefined>>} env
 * @property {(argv: readonly string[]) => Promise<{ code: number, text: string }>} exec shows the output in the log, too
 * @property {(method: string, path: string, body?: object) => Promise<{ status: number, body: unknown }>} request of GitHub's API
 * @property {(path: string) => Promise<string>} read
 * @property {(path: string, text: string) => Promise<void>} append
 * @property {(line: string) => void} log
 * @property {() => string} newWord that nobody can guess
 */

/**
 * @param {Ports} ports
 * @returns {Promise<number>} the exit code of the step
 */
export async function runAction(ports) {
  const { INPUT_COMMAND: command = '', INPUT_INSTALL_TOOLS: installTools, INPUT_COMMENT: comments } = ports.env;
  if (!['plan', 'up'].includes(command)) return refuse(ports, `command: expected plan or up, got "${command}"`);
  if (installTools === 'true') {
    const { code } = await quoted(ports, [...program(ports), 'tools', 'install']);
    if (code !== 0) return refuse(ports, `karmada-eks tools install ended with ${code}`, code);
  }
  const config = ports.env.INPUT_CONFIG ?? '';
  const { code, text } = await quoted(ports, [...program(ports), ...wordsOf(command, config, ports.env.INPUT_ARGS)]);
  const report = { command, config, code, text, commit: ports.env.GITHUB_SHA };
  await ports.append(ports.env.GITHUB_STEP_SUMMARY, summaryText(report));
  if (command === 'up') return await answer(ports, code, '');
  if (comments === 'true') await comment(ports, report);
  const hasAnswer = code === 0 || code === changes;
  return await answer(ports, code, hasAnswer ? String(code === changes) : '');
}

function program({ env }) {
  return ['npx', '--yes', `karmada-eks@${env.INPUT_VERSION}`];
}

/** Consent to `up` is that the workflow runs it; what destroys needs its own flag in `args`. */
function wordsOf(command, config, args = '') {
  const more = args
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return [command, `--config=${config}`, command === 'up' ? '--yes' : '--detailed-exitcode', ...more];
}

/** What a program prints must not be taken for a command to the runner. */
async function quoted(ports, argv) {
  const word = ports.newWord();
  ports.log(argv.join(' '));
  ports.log(`::stop-commands::${word}`);
  try {
    return await ports.exec(argv);
  } finally {
    ports.log(`::${word}::`);
  }
}

async function comment(ports, report) {
  const why = await writeComment(ports, markOf(report), commentText(report)).catch((thrown) => String(thrown));
  if (why !== undefined) ports.log(`::warning::the plan is not on the pull request: ${why}`);
}

async function answer(ports, code, hasChanges) {
  await ports.append(ports.env.GITHUB_OUTPUT, `exit-code=${code}\nchanges=${hasChanges}\n`);
  return code === changes ? 0 : code;
}

function refuse({ log }, why, code = 2) {
  log(`::error::${why}`);
  return code;
}
